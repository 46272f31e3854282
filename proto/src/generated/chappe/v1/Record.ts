// Original file: chappe/v1/batch.proto


/**
 * What one message has for itself.
 */
export interface Record {
  'body'?: (Buffer | Uint8Array | string);
  /**
   * Overrides BatchHeader.content_type when present.
   */
  'contentType'?: (string);
  /**
   * Overrides BatchHeader.type when present; may be present and empty.
   */
  'type'?: (string);
  /**
   * An id chosen by the sender, 1 to 200 bytes. Absent: the id follows from BatchHeader.first_id.
   */
  'id'?: (string);
  /**
   * When the message was given to the sender, milliseconds after BatchHeader.first_time_unix_ms.
   */
  'timeOffsetMs'?: (number);
  /**
   * Ties a reply to its request. At most 200 bytes.
   */
  'correlationId'?: (string);
  /**
   * Address a reply should go to, in the form of BatchHeader.address.
   */
  'replyTo'?: (string);
  /**
   * W3C Trace Context `traceparent`.
   */
  'traceparent'?: (string);
  /**
   * At most 64, keys and values together at most 8 KiB.
   */
  'attributes'?: ({[key: string]: string});
  '_contentType'?: "contentType";
  '_type'?: "type";
  '_id'?: "id";
}

/**
 * What one message has for itself.
 */
export interface Record__Output {
  'body': (Buffer);
  /**
   * Overrides BatchHeader.content_type when present.
   */
  'contentType'?: (string);
  /**
   * Overrides BatchHeader.type when present; may be present and empty.
   */
  'type'?: (string);
  /**
   * An id chosen by the sender, 1 to 200 bytes. Absent: the id follows from BatchHeader.first_id.
   */
  'id'?: (string);
  /**
   * When the message was given to the sender, milliseconds after BatchHeader.first_time_unix_ms.
   */
  'timeOffsetMs': (number);
  /**
   * Ties a reply to its request. At most 200 bytes.
   */
  'correlationId': (string);
  /**
   * Address a reply should go to, in the form of BatchHeader.address.
   */
  'replyTo': (string);
  /**
   * W3C Trace Context `traceparent`.
   */
  'traceparent': (string);
  /**
   * At most 64, keys and values together at most 8 KiB.
   */
  'attributes': ({[key: string]: string});
  '_contentType'?: "contentType";
  '_type'?: "type";
  '_id'?: "id";
}
