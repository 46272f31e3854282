// Original file: chappe/v1/service.proto

import type { StartFrom as _chappe_v1_StartFrom, StartFrom__Output as _chappe_v1_StartFrom__Output } from '../../chappe/v1/StartFrom.ts';
import type { Long } from '@grpc/proto-loader';

export interface Open {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Name of the subscription, grammar as BatchHeader.sender. Must be empty for a receiver, which has just one.
   */
  'subscription'?: (string);
  /**
   * Name of this consumer, grammar as BatchHeader.sender. Keep it across reconnects.
   */
  'consumer'?: (string);
  /**
   * Where a subscription that does not exist yet starts; an existing one goes on where it stands.
   */
  'startFrom'?: (_chappe_v1_StartFrom);
  /**
   * Instead of start_from: start with the first message that was stored at this time or after it, milliseconds since
   * 1970-01-01 UTC by the store's clock, 1 to 281,474,976,710,655. A time yet to come is LATEST. 0: not set. For topics; a
   * receiver's queue always starts at the earliest message.
   */
  'startTimeUnixMs'?: (number | string | Long);
  /**
   * Instead of start_from: start with the batch of this message, by its id in the canonical form of a UUIDv7. NOT_FOUND when
   * the topic does not keep it, or its sender chose the id. Empty: not set. For topics, as above.
   */
  'startId'?: (string);
  /**
   * Of all consumers of the subscription, over all routers, one at a time is handed messages: the first that came. The next
   * takes over when it leaves or is gone. All of them must ask for it; the stream of one that does not ends with
   * FAILED_PRECONDITION. Default false: consumers share the messages.
   */
  'singleActive'?: (boolean);
  /**
   * The consumer names each suspect (Delivery.suspect) in `begun` before it begins on it, and waits for the answer; of all that
   * its program reads, over all routers, it begins on one when the one before has its outcome, and the router has told so. If
   * it crashes before it begins, that does not count as an attempt of the suspect: something else brought it down. Default
   * false: a crash counts for all that is held.
   */
  'beginsSuspects'?: (boolean);
}

export interface Open__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Name of the subscription, grammar as BatchHeader.sender. Must be empty for a receiver, which has just one.
   */
  'subscription': (string);
  /**
   * Name of this consumer, grammar as BatchHeader.sender. Keep it across reconnects.
   */
  'consumer': (string);
  /**
   * Where a subscription that does not exist yet starts; an existing one goes on where it stands.
   */
  'startFrom': (_chappe_v1_StartFrom__Output);
  /**
   * Instead of start_from: start with the first message that was stored at this time or after it, milliseconds since
   * 1970-01-01 UTC by the store's clock, 1 to 281,474,976,710,655. A time yet to come is LATEST. 0: not set. For topics; a
   * receiver's queue always starts at the earliest message.
   */
  'startTimeUnixMs': (number);
  /**
   * Instead of start_from: start with the batch of this message, by its id in the canonical form of a UUIDv7. NOT_FOUND when
   * the topic does not keep it, or its sender chose the id. Empty: not set. For topics, as above.
   */
  'startId': (string);
  /**
   * Of all consumers of the subscription, over all routers, one at a time is handed messages: the first that came. The next
   * takes over when it leaves or is gone. All of them must ask for it; the stream of one that does not ends with
   * FAILED_PRECONDITION. Default false: consumers share the messages.
   */
  'singleActive': (boolean);
  /**
   * The consumer names each suspect (Delivery.suspect) in `begun` before it begins on it, and waits for the answer; of all that
   * its program reads, over all routers, it begins on one when the one before has its outcome, and the router has told so. If
   * it crashes before it begins, that does not count as an attempt of the suspect: something else brought it down. Default
   * false: a crash counts for all that is held.
   */
  'beginsSuspects': (boolean);
}
