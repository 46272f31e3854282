// Original file: chappe/v1/batch.proto

import type { BatchHeader as _chappe_v1_BatchHeader, BatchHeader__Output as _chappe_v1_BatchHeader__Output } from '../../chappe/v1/BatchHeader.ts';

export interface Batch {
  'header'?: (_chappe_v1_BatchHeader | null);
  /**
   * A serialized `Records`. At most 64 KiB, unless the batch holds a single message
   * (then at most the router's message limit, 1 MiB by default, plus 16 KiB for the message's header).
   */
  'records'?: (Buffer | Uint8Array | string);
}

export interface Batch__Output {
  'header': (_chappe_v1_BatchHeader__Output | null);
  /**
   * A serialized `Records`. At most 64 KiB, unless the batch holds a single message
   * (then at most the router's message limit, 1 MiB by default, plus 16 KiB for the message's header).
   */
  'records': (Buffer);
}
