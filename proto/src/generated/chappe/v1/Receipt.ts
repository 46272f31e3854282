// Original file: chappe/v1/service.proto

import type { Durability as _chappe_v1_Durability, Durability__Output as _chappe_v1_Durability__Output } from '../../chappe/v1/Durability.ts';

export interface Receipt {
  /**
   * What was reached.
   */
  'durability'?: (_chappe_v1_Durability);
  /**
   * The batch had been stored before, by the same producer and sequence or under the same deduplication id; it was not
   * stored again.
   */
  'duplicate'?: (boolean);
  /**
   * Identity of the address's history. A value other than last time's says that earlier messages were lost.
   */
  'epoch'?: (string);
  /**
   * Id of the message that was stored before under the batch's deduplication id. Empty: there was none. At most 200 bytes.
   */
  'originalId'?: (string);
  /**
   * For REPLICATED: how many replicas. 0: one.
   */
  'replicas'?: (number);
}

export interface Receipt__Output {
  /**
   * What was reached.
   */
  'durability': (_chappe_v1_Durability__Output);
  /**
   * The batch had been stored before, by the same producer and sequence or under the same deduplication id; it was not
   * stored again.
   */
  'duplicate': (boolean);
  /**
   * Identity of the address's history. A value other than last time's says that earlier messages were lost.
   */
  'epoch': (string);
  /**
   * Id of the message that was stored before under the batch's deduplication id. Empty: there was none. At most 200 bytes.
   */
  'originalId': (string);
  /**
   * For REPLICATED: how many replicas. 0: one.
   */
  'replicas': (number);
}
