// Original file: chappe/v1/batch.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What all messages of a batch share. At most 4 KiB, serialized.
 */
export interface BatchHeader {
  /**
   * Who sends. 1 to 200 bytes of a-z A-Z 0-9 . _ -
   */
  'sender'?: (string);
  /**
   * Where to: `receiver:<id>` (point-to-point) or `topic:<name>` (publish-subscribe).
   * <id> and <name> follow the grammar of `sender`.
   */
  'address'?: (string);
  /**
   * Identity of the producer of this address: 16 random bytes, made anew by each program for each address.
   * Together with `sequence` it makes a resend harmless: the router stores a batch once.
   * Empty: no such protection, and `sequence` must be 0.
   */
  'producerId'?: (Buffer | Uint8Array | string);
  /**
   * 1 for the first batch of this producer_id, then 2, 3, … without a gap.
   */
  'sequence'?: (number | string | Long);
  /**
   * Number of records, 1 to 1,024.
   */
  'count'?: (number);
  /**
   * Id of the first message: a UUIDv7 (RFC 9562), 16 bytes. The message at index n has this id plus n, both
   * read as 128-bit big-endian integers, unless its record names an id of its own.
   */
  'firstId'?: (Buffer | Uint8Array | string);
  /**
   * When the first message was given to the sender, milliseconds since 1970-01-01 UTC.
   */
  'firstTimeUnixMs'?: (number | string | Long);
  /**
   * Content type of each record that names none, at most 200 bytes. Empty: application/octet-stream.
   */
  'contentType'?: (string);
  /**
   * Message type ("order.created") of each record that names none, at most 200 bytes. May be empty.
   */
  'type'?: (string);
  /**
   * Messages of one sender with the same key are delivered to each subscription in the order in which they were published,
   * one delivery at a time, over all its consumers: see Delivery. At most 200 bytes. Empty: no key.
   */
  'orderingKey'?: (string);
  /**
   * How long the messages are worth delivering, milliseconds from their time. 0: for ever. A message past its time is not
   * handed out any more, by the router's clock: it goes to the dead letters, or is dropped, as the router was told.
   */
  'ttlMs'?: (number | string | Long);
  /**
   * Not to be delivered before this time, milliseconds since 1970-01-01 UTC, at most 365 days ahead. 0: at once. Only in a
   * batch of one message, and without an ordering key. Until then the sender can take the message back by its id (Cancel);
   * another one of this id to the same address is refused with ALREADY_EXISTS meanwhile.
   */
  'deliverAtUnixMs'?: (number | string | Long);
  /**
   * The same id of the same sender at the same address is stored once within the router's deduplication window, 2 minutes by
   * default; the receipt of any further one names the message that was stored. Only in a batch of one message. At most
   * 200 bytes. Empty: no deduplication.
   */
  'deduplicationId'?: (string);
  /**
   * It was sent before, and stored for all that its sender knows: its messages may have been handed out then. Stored with
   * the batch when it is stored again, because Redis had lost it. A consumer takes it as it takes Delivery.redelivered.
   */
  'resent'?: (boolean);
}

/**
 * What all messages of a batch share. At most 4 KiB, serialized.
 */
export interface BatchHeader__Output {
  /**
   * Who sends. 1 to 200 bytes of a-z A-Z 0-9 . _ -
   */
  'sender': (string);
  /**
   * Where to: `receiver:<id>` (point-to-point) or `topic:<name>` (publish-subscribe).
   * <id> and <name> follow the grammar of `sender`.
   */
  'address': (string);
  /**
   * Identity of the producer of this address: 16 random bytes, made anew by each program for each address.
   * Together with `sequence` it makes a resend harmless: the router stores a batch once.
   * Empty: no such protection, and `sequence` must be 0.
   */
  'producerId': (Buffer);
  /**
   * 1 for the first batch of this producer_id, then 2, 3, … without a gap.
   */
  'sequence': (number);
  /**
   * Number of records, 1 to 1,024.
   */
  'count': (number);
  /**
   * Id of the first message: a UUIDv7 (RFC 9562), 16 bytes. The message at index n has this id plus n, both
   * read as 128-bit big-endian integers, unless its record names an id of its own.
   */
  'firstId': (Buffer);
  /**
   * When the first message was given to the sender, milliseconds since 1970-01-01 UTC.
   */
  'firstTimeUnixMs': (number);
  /**
   * Content type of each record that names none, at most 200 bytes. Empty: application/octet-stream.
   */
  'contentType': (string);
  /**
   * Message type ("order.created") of each record that names none, at most 200 bytes. May be empty.
   */
  'type': (string);
  /**
   * Messages of one sender with the same key are delivered to each subscription in the order in which they were published,
   * one delivery at a time, over all its consumers: see Delivery. At most 200 bytes. Empty: no key.
   */
  'orderingKey': (string);
  /**
   * How long the messages are worth delivering, milliseconds from their time. 0: for ever. A message past its time is not
   * handed out any more, by the router's clock: it goes to the dead letters, or is dropped, as the router was told.
   */
  'ttlMs': (number);
  /**
   * Not to be delivered before this time, milliseconds since 1970-01-01 UTC, at most 365 days ahead. 0: at once. Only in a
   * batch of one message, and without an ordering key. Until then the sender can take the message back by its id (Cancel);
   * another one of this id to the same address is refused with ALREADY_EXISTS meanwhile.
   */
  'deliverAtUnixMs': (number);
  /**
   * The same id of the same sender at the same address is stored once within the router's deduplication window, 2 minutes by
   * default; the receipt of any further one names the message that was stored. Only in a batch of one message. At most
   * 200 bytes. Empty: no deduplication.
   */
  'deduplicationId': (string);
  /**
   * It was sent before, and stored for all that its sender knows: its messages may have been handed out then. Stored with
   * the batch when it is stored again, because Redis had lost it. A consumer takes it as it takes Delivery.redelivered.
   */
  'resent': (boolean);
}
