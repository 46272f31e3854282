// Original file: chappe/v1/service.proto

import type { PublishResult as _chappe_v1_PublishResult, PublishResult__Output as _chappe_v1_PublishResult__Output } from '../../chappe/v1/PublishResult.ts';

export interface PublishResponse {
  'results'?: (_chappe_v1_PublishResult)[];
  /**
   * The router has lost its store from sight: what the store acknowledged last may be gone when it is back. Send the last
   * acknowledged batch of each producer again, and go on from the sequence that the answer expects.
   */
  'storeInterrupted'?: (boolean);
}

export interface PublishResponse__Output {
  'results': (_chappe_v1_PublishResult__Output)[];
  /**
   * The router has lost its store from sight: what the store acknowledged last may be gone when it is back. Send the last
   * acknowledged batch of each producer again, and go on from the sequence that the answer expects.
   */
  'storeInterrupted': (boolean);
}
