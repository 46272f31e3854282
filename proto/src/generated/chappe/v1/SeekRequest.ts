// Original file: chappe/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface SeekRequest {
  /**
   * As BatchHeader.address; a topic's.
   */
  'address'?: (string);
  'subscription'?: (string);
  /**
   * true: everything the topic still keeps.
   */
  'earliest'?: (boolean);
  /**
   * true: what is published from now on.
   */
  'latest'?: (boolean);
  /**
   * The first message that was stored at this time or after it, milliseconds since 1970-01-01 UTC by the store's clock,
   * 1 to 281,474,976,710,655. A time yet to come is latest.
   */
  'timeUnixMs'?: (number | string | Long);
  /**
   * The batch of this message, by its id in the canonical form of a UUIDv7. NOT_FOUND when the topic does not keep it, or
   * its sender chose the id.
   */
  'messageId'?: (string);
  /**
   * One must be set.
   */
  'position'?: "earliest"|"latest"|"timeUnixMs"|"messageId";
}

export interface SeekRequest__Output {
  /**
   * As BatchHeader.address; a topic's.
   */
  'address': (string);
  'subscription': (string);
  /**
   * true: everything the topic still keeps.
   */
  'earliest'?: (boolean);
  /**
   * true: what is published from now on.
   */
  'latest'?: (boolean);
  /**
   * The first message that was stored at this time or after it, milliseconds since 1970-01-01 UTC by the store's clock,
   * 1 to 281,474,976,710,655. A time yet to come is latest.
   */
  'timeUnixMs'?: (number);
  /**
   * The batch of this message, by its id in the canonical form of a UUIDv7. NOT_FOUND when the topic does not keep it, or
   * its sender chose the id.
   */
  'messageId'?: (string);
  /**
   * One must be set.
   */
  'position'?: "earliest"|"latest"|"timeUnixMs"|"messageId";
}
