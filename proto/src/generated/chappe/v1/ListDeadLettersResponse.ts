// Original file: chappe/v1/admin.proto

import type { DeadLetterInfo as _chappe_v1_DeadLetterInfo, DeadLetterInfo__Output as _chappe_v1_DeadLetterInfo__Output } from '../../chappe/v1/DeadLetterInfo.ts';

export interface ListDeadLettersResponse {
  /**
   * Without their bodies.
   */
  'deadLetters'?: (_chappe_v1_DeadLetterInfo)[];
  /**
   * Empty: there are no more.
   */
  'nextPageToken'?: (string);
}

export interface ListDeadLettersResponse__Output {
  /**
   * Without their bodies.
   */
  'deadLetters': (_chappe_v1_DeadLetterInfo__Output)[];
  /**
   * Empty: there are no more.
   */
  'nextPageToken': (string);
}
