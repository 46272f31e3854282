// Original file: chappe/v1/service.proto

import type { StartFrom as _chappe_v1_StartFrom, StartFrom__Output as _chappe_v1_StartFrom__Output } from '../../chappe/v1/StartFrom.ts';

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
   * Of all consumers of the subscription, over all routers, one at a time is handed messages: the first that came. The next
   * takes over when it leaves or is gone. All of them must ask for it; the stream of one that does not ends with
   * FAILED_PRECONDITION. Default false: consumers share the messages.
   */
  'singleActive'?: (boolean);
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
   * Of all consumers of the subscription, over all routers, one at a time is handed messages: the first that came. The next
   * takes over when it leaves or is gone. All of them must ask for it; the stream of one that does not ends with
   * FAILED_PRECONDITION. Default false: consumers share the messages.
   */
  'singleActive': (boolean);
}
