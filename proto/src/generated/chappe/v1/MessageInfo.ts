// Original file: chappe/v1/admin.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What a message says of itself, and its body as far as it was asked for.
 */
export interface MessageInfo {
  'id'?: (string);
  'type'?: (string);
  'sender'?: (string);
  'contentType'?: (string);
  /**
   * When it was given to the sender, milliseconds since 1970-01-01 UTC.
   */
  'timeUnixMs'?: (number | string | Long);
  'correlationId'?: (string);
  'replyTo'?: (string);
  'traceparent'?: (string);
  'orderingKey'?: (string);
  /**
   * Milliseconds; 0: for ever.
   */
  'ttlMs'?: (number | string | Long);
  'attributes'?: ({[key: string]: string});
  /**
   * Length of the whole body.
   */
  'bodyBytes'?: (number | string | Long);
  /**
   * The body, or its beginning; empty unless it was asked for.
   */
  'body'?: (Buffer | Uint8Array | string);
}

/**
 * What a message says of itself, and its body as far as it was asked for.
 */
export interface MessageInfo__Output {
  'id': (string);
  'type': (string);
  'sender': (string);
  'contentType': (string);
  /**
   * When it was given to the sender, milliseconds since 1970-01-01 UTC.
   */
  'timeUnixMs': (number);
  'correlationId': (string);
  'replyTo': (string);
  'traceparent': (string);
  'orderingKey': (string);
  /**
   * Milliseconds; 0: for ever.
   */
  'ttlMs': (number);
  'attributes': ({[key: string]: string});
  /**
   * Length of the whole body.
   */
  'bodyBytes': (number);
  /**
   * The body, or its beginning; empty unless it was asked for.
   */
  'body': (Buffer);
}
