// Original file: chappe/v1/service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A hard limit: the router never hands out more than was granted. A single message larger than the credit in bytes
 * passes when the consumer holds nothing else, and leaves the credit negative.
 */
export interface Credit {
  /**
   * 0 to 1,000,000.
   */
  'messages'?: (number);
  /**
   * Counted as the length of Delivery.records. 0 to 1 GiB.
   */
  'bytes'?: (number | string | Long);
}

/**
 * A hard limit: the router never hands out more than was granted. A single message larger than the credit in bytes
 * passes when the consumer holds nothing else, and leaves the credit negative.
 */
export interface Credit__Output {
  /**
   * 0 to 1,000,000.
   */
  'messages': (number);
  /**
   * Counted as the length of Delivery.records. 0 to 1 GiB.
   */
  'bytes': (number);
}
