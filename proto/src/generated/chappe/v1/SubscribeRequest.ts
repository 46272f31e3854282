// Original file: chappe/v1/service.proto

import type { Open as _chappe_v1_Open, Open__Output as _chappe_v1_Open__Output } from '../../chappe/v1/Open.ts';
import type { Credit as _chappe_v1_Credit, Credit__Output as _chappe_v1_Credit__Output } from '../../chappe/v1/Credit.ts';
import type { Outcome as _chappe_v1_Outcome, Outcome__Output as _chappe_v1_Outcome__Output } from '../../chappe/v1/Outcome.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Fields may stand together in one frame; they take effect in the order of their numbers. An empty frame says no more
 * than "I am alive". Every frame keeps the consumer's lease.
 */
export interface SubscribeRequest {
  /**
   * In the first frame, and only there.
   */
  'open'?: (_chappe_v1_Open | null);
  /**
   * Added to what is left of earlier credit.
   */
  'credit'?: (_chappe_v1_Credit | null);
  /**
   * Of the outcomes of this frame, and of what it says is begun; echoed in Settled. 0: nobody waits for the answer, and the
   * router answers only if it refuses some of them.
   */
  'number'?: (number | string | Long);
  /**
   * At most 4,096 in a frame.
   */
  'outcomes'?: (_chappe_v1_Outcome)[];
  /**
   * The consumer takes no more deliveries. It will settle what it holds, then half-close.
   */
  'draining'?: (boolean);
  /**
   * Numbers of deliveries of suspects on which the consumer begins: see Open.begins_suspects. A number that it does not hold
   * any more changes nothing. At most 4,096 in a frame.
   */
  'begun'?: (number | string | Long)[];
}

/**
 * Fields may stand together in one frame; they take effect in the order of their numbers. An empty frame says no more
 * than "I am alive". Every frame keeps the consumer's lease.
 */
export interface SubscribeRequest__Output {
  /**
   * In the first frame, and only there.
   */
  'open': (_chappe_v1_Open__Output | null);
  /**
   * Added to what is left of earlier credit.
   */
  'credit': (_chappe_v1_Credit__Output | null);
  /**
   * Of the outcomes of this frame, and of what it says is begun; echoed in Settled. 0: nobody waits for the answer, and the
   * router answers only if it refuses some of them.
   */
  'number': (number);
  /**
   * At most 4,096 in a frame.
   */
  'outcomes': (_chappe_v1_Outcome__Output)[];
  /**
   * The consumer takes no more deliveries. It will settle what it holds, then half-close.
   */
  'draining': (boolean);
  /**
   * Numbers of deliveries of suspects on which the consumer begins: see Open.begins_suspects. A number that it does not hold
   * any more changes nothing. At most 4,096 in a frame.
   */
  'begun': (number)[];
}
