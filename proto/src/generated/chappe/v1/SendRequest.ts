// Original file: chappe/v1/service.proto

import type { Durability as _chappe_v1_Durability, Durability__Output as _chappe_v1_Durability__Output } from '../../chappe/v1/Durability.ts';
import type { Long } from '@grpc/proto-loader';

export interface SendRequest {
  /**
   * Who sends. Grammar as BatchHeader.sender.
   */
  'sender'?: (string);
  /**
   * Id of a receiver.
   */
  'to'?: (string);
  /**
   * Name of a topic.
   */
  'topic'?: (string);
  'body'?: (Buffer | Uint8Array | string);
  /**
   * Default: application/octet-stream.
   */
  'contentType'?: (string);
  'type'?: (string);
  /**
   * Default: a new UUIDv7.
   */
  'id'?: (string);
  'correlationId'?: (string);
  'replyTo'?: (string);
  'traceparent'?: (string);
  'attributes'?: ({[key: string]: string});
  'orderingKey'?: (string);
  'ttlMs'?: (number | string | Long);
  'deliverAtUnixMs'?: (number | string | Long);
  'deduplicationId'?: (string);
  'durability'?: (_chappe_v1_Durability);
  /**
   * For REPLICATED: how many replicas, up to 15. 0: one. Must be 0 with every other durability.
   */
  'replicas'?: (number);
  /**
   * Where to; exactly one.
   */
  'destination'?: "to"|"topic";
}

export interface SendRequest__Output {
  /**
   * Who sends. Grammar as BatchHeader.sender.
   */
  'sender': (string);
  /**
   * Id of a receiver.
   */
  'to'?: (string);
  /**
   * Name of a topic.
   */
  'topic'?: (string);
  'body': (Buffer);
  /**
   * Default: application/octet-stream.
   */
  'contentType': (string);
  'type': (string);
  /**
   * Default: a new UUIDv7.
   */
  'id': (string);
  'correlationId': (string);
  'replyTo': (string);
  'traceparent': (string);
  'attributes': ({[key: string]: string});
  'orderingKey': (string);
  'ttlMs': (number);
  'deliverAtUnixMs': (number);
  'deduplicationId': (string);
  'durability': (_chappe_v1_Durability__Output);
  /**
   * For REPLICATED: how many replicas, up to 15. 0: one. Must be 0 with every other durability.
   */
  'replicas': (number);
  /**
   * Where to; exactly one.
   */
  'destination'?: "to"|"topic";
}
