/** What all messages of a batch share. Mirrors `BatchHeader` of proto/chappe/v1/batch.proto, which documents each field. */
export interface BatchHeader {
  readonly sender: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** 16 bytes, or none: then `sequence` is 0 and a resend is stored again. */
  readonly producerId: Uint8Array;
  /** 1, 2, 3, … per producer. */
  readonly sequence: number;
  /** Number of records. */
  readonly count: number;
  /** UUIDv7 of the message at index 0, 16 bytes. */
  readonly firstId: Uint8Array;
  readonly firstTimeMs: number;
  /** Content type of each record that names none. */
  readonly contentType: string;
  /** Type of each record that names none. */
  readonly type: string;
  readonly orderingKey: string;
  /** 0: for ever. */
  readonly ttlMs: number;
  /** 0: at once. */
  readonly deliverAtMs: number;
  readonly deduplicationId: string;
  /** Sent before, and stored for all that its sender knows. */
  readonly resent: boolean;
}

/** Messages of one sender for one address that travel and are stored together. */
export interface Batch {
  readonly header: BatchHeader;
  /** `header`, serialized. Passed on byte for byte. */
  readonly headerBytes: Uint8Array;
  /** A serialized `Records`. */
  readonly records: Uint8Array;
}
