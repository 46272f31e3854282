// Original file: chappe/v1/service.proto

import type { BatchHeader as _chappe_v1_BatchHeader, BatchHeader__Output as _chappe_v1_BatchHeader__Output } from '../../chappe/v1/BatchHeader.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Consecutive messages of one batch.
 * 
 * With an ordering key (header.ordering_key) no further delivery of the key is handed out, to anyone, until each message of
 * this one is acked or rejected. Handle them one after the other, in their order. The first that fails or is released ends
 * the delivery: stop there, give no outcome to those after it, and expect them again, after that one.
 */
export interface Delivery {
  /**
   * Counts up from 1 on each stream.
   */
  'number'?: (number | string | Long);
  /**
   * 1 + failures counted.
   */
  'attempt'?: (number);
  /**
   * The messages may have been handed out before: by a router that is gone, to a consumer that gave them back or, with an
   * ordering key, to one that crashed before it said how far it got.
   */
  'redelivered'?: (boolean);
  /**
   * Index of the first record within the batch it was sent in: what BatchHeader.first_id counts from.
   */
  'first'?: (number);
  /**
   * Number of records here. May be smaller than header.count.
   */
  'count'?: (number);
  /**
   * As it was sent.
   */
  'header'?: (_chappe_v1_BatchHeader | null);
  /**
   * A serialized `Records`.
   */
  'records'?: (Buffer | Uint8Array | string);
  /**
   * At least two consumers have crashed with this message in their hands. It is the only one in this consumer's. One that
   * found no empty hands within 10 s goes with others, and is not called a suspect then.
   */
  'suspect'?: (boolean);
}

/**
 * Consecutive messages of one batch.
 * 
 * With an ordering key (header.ordering_key) no further delivery of the key is handed out, to anyone, until each message of
 * this one is acked or rejected. Handle them one after the other, in their order. The first that fails or is released ends
 * the delivery: stop there, give no outcome to those after it, and expect them again, after that one.
 */
export interface Delivery__Output {
  /**
   * Counts up from 1 on each stream.
   */
  'number': (number);
  /**
   * 1 + failures counted.
   */
  'attempt': (number);
  /**
   * The messages may have been handed out before: by a router that is gone, to a consumer that gave them back or, with an
   * ordering key, to one that crashed before it said how far it got.
   */
  'redelivered': (boolean);
  /**
   * Index of the first record within the batch it was sent in: what BatchHeader.first_id counts from.
   */
  'first': (number);
  /**
   * Number of records here. May be smaller than header.count.
   */
  'count': (number);
  /**
   * As it was sent.
   */
  'header': (_chappe_v1_BatchHeader__Output | null);
  /**
   * A serialized `Records`.
   */
  'records': (Buffer);
  /**
   * At least two consumers have crashed with this message in their hands. It is the only one in this consumer's. One that
   * found no empty hands within 10 s goes with others, and is not called a suspect then.
   */
  'suspect': (boolean);
}
