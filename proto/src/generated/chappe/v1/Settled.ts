// Original file: chappe/v1/service.proto

import type { RefusedOutcome as _chappe_v1_RefusedOutcome, RefusedOutcome__Output as _chappe_v1_RefusedOutcome__Output } from '../../chappe/v1/RefusedOutcome.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The answer to one frame of outcomes, or of what is begun, that has a number, or of which some did not count.
 */
export interface Settled {
  /**
   * SubscribeRequest.number
   */
  'number'?: (number | string | Long);
  /**
   * Outcomes that did not count: late, twice, or of a delivery this consumer does not hold.
   */
  'refused'?: (_chappe_v1_RefusedOutcome)[];
}

/**
 * The answer to one frame of outcomes, or of what is begun, that has a number, or of which some did not count.
 */
export interface Settled__Output {
  /**
   * SubscribeRequest.number
   */
  'number': (number);
  /**
   * Outcomes that did not count: late, twice, or of a delivery this consumer does not hold.
   */
  'refused': (_chappe_v1_RefusedOutcome__Output)[];
}
