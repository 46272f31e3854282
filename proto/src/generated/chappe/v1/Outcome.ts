// Original file: chappe/v1/service.proto

import type { OutcomeKind as _chappe_v1_OutcomeKind, OutcomeKind__Output as _chappe_v1_OutcomeKind__Output } from '../../chappe/v1/OutcomeKind.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What became of messages of one delivery.
 */
export interface Outcome {
  /**
   * Delivery.number
   */
  'delivery'?: (number | string | Long);
  /**
   * Index of the first message within the delivery, and how many from there on (at least 1).
   */
  'first'?: (number);
  'count'?: (number);
  'kind'?: (_chappe_v1_OutcomeKind);
  /**
   * For FAIL: retry after this many milliseconds. Absent: the router's backoff.
   */
  'delayMs'?: (number | string | Long);
  /**
   * For FAIL and REJECT: why, kept with the dead letter. At most 1 KiB, the rest is cut.
   */
  'reason'?: (string);
  '_delayMs'?: "delayMs";
}

/**
 * What became of messages of one delivery.
 */
export interface Outcome__Output {
  /**
   * Delivery.number
   */
  'delivery': (number);
  /**
   * Index of the first message within the delivery, and how many from there on (at least 1).
   */
  'first': (number);
  'count': (number);
  'kind': (_chappe_v1_OutcomeKind__Output);
  /**
   * For FAIL: retry after this many milliseconds. Absent: the router's backoff.
   */
  'delayMs'?: (number);
  /**
   * For FAIL and REJECT: why, kept with the dead letter. At most 1 KiB, the rest is cut.
   */
  'reason': (string);
  '_delayMs'?: "delayMs";
}
