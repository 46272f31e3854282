// Original file: chappe/v1/service.proto

import type { Batch as _chappe_v1_Batch, Batch__Output as _chappe_v1_Batch__Output } from '../../chappe/v1/Batch.ts';
import type { Durability as _chappe_v1_Durability, Durability__Output as _chappe_v1_Durability__Output } from '../../chappe/v1/Durability.ts';
import type { Long } from '@grpc/proto-loader';

export interface PublishRequest {
  /**
   * Chosen by the client, echoed in the answers to the batches of this frame.
   */
  'number'?: (number | string | Long);
  /**
   * Answered one by one. At most 4,096, and all together at most 4 MiB.
   */
  'batches'?: (_chappe_v1_Batch)[];
  /**
   * For all batches of the frame.
   */
  'durability'?: (_chappe_v1_Durability);
  /**
   * For REPLICATED: how many replicas, up to 15. 0: one. Must be 0 with every other durability.
   */
  'replicas'?: (number);
}

export interface PublishRequest__Output {
  /**
   * Chosen by the client, echoed in the answers to the batches of this frame.
   */
  'number': (number);
  /**
   * Answered one by one. At most 4,096, and all together at most 4 MiB.
   */
  'batches': (_chappe_v1_Batch__Output)[];
  /**
   * For all batches of the frame.
   */
  'durability': (_chappe_v1_Durability__Output);
  /**
   * For REPLICATED: how many replicas, up to 15. 0: one. Must be 0 with every other durability.
   */
  'replicas': (number);
}
