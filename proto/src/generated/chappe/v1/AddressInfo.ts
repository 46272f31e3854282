// Original file: chappe/v1/admin.proto

import type { SubscriptionInfo as _chappe_v1_SubscriptionInfo, SubscriptionInfo__Output as _chappe_v1_SubscriptionInfo__Output } from '../../chappe/v1/SubscriptionInfo.ts';
import type { Long } from '@grpc/proto-loader';

export interface AddressInfo {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Identity of its history.
   */
  'epoch'?: (string);
  /**
   * Messages published since the epoch began, and the bytes of their records.
   */
  'publishedMessages'?: (number | string | Long);
  'publishedBytes'?: (number | string | Long);
  /**
   * A receiver has exactly one, without a name.
   */
  'subscriptions'?: (_chappe_v1_SubscriptionInfo)[];
  /**
   * Messages that wait for the time they are to be delivered at. They are no subscription's yet, and neither in a depth nor
   * in what Peek shows.
   */
  'delayedMessages'?: (number | string | Long);
}

export interface AddressInfo__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Identity of its history.
   */
  'epoch': (string);
  /**
   * Messages published since the epoch began, and the bytes of their records.
   */
  'publishedMessages': (number);
  'publishedBytes': (number);
  /**
   * A receiver has exactly one, without a name.
   */
  'subscriptions': (_chappe_v1_SubscriptionInfo__Output)[];
  /**
   * Messages that wait for the time they are to be delivered at. They are no subscription's yet, and neither in a depth nor
   * in what Peek shows.
   */
  'delayedMessages': (number);
}
