import type { Batch } from "./batch.ts";
import { encodeBatchHeader } from "./batch-header-codec.ts";
import {
  type BatchOptions,
  checkSameOptions,
  type ResolvedBatchOptions,
  resolveBatchOptions,
} from "./batch-options.ts";
import { ChappeError } from "./chappe-error.ts";
import { JSON_TYPE, OCTET_STREAM, TEXT } from "./content-type.ts";
import { FULL_BATCH_BYTES, MAX_BATCH_MESSAGES, MAX_MESSAGE_BYTES } from "./limits.ts";
import { jsonBody } from "./message-body.ts";
import { newIdBytes } from "./message-id.ts";
import { checkInputKeys, type MessageInput } from "./message-input.ts";
import { checkOptionText } from "./option-text.ts";
import { type RecordOptions, writeRecordOptions } from "./record-options.ts";
import { RECORD_TAG } from "./record-offsets.ts";
import { varintBytes, writeVarint } from "./varint.ts";
import { LEN, VARINT } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** Limits and expectations of a {@link BatchBuilder}. */
export interface BatchBuilderOptions {
  /**
   * Most bytes of one body. Raise it together with the router's.
   *
   * @default 1,048,576
   */
  readonly maxMessageBytes?: number;
  /**
   * How long the records will probably become, in bytes. The last batch's length is a good guess: it saves growing.
   *
   * @default 512
   */
  readonly expectedBytes?: number;
  /**
   * A key of the messages that says where they go, as the batch's address does. It is passed over.
   *
   * @default none: such a key is refused like any unknown one
   */
  readonly destinationKey?: "to" | "topic";
}

const BODY_TAG = (1 << 3) | LEN;
const TIME_OFFSET_TAG = (5 << 3) | VARINT;
const DEFAULT_EXPECTED_BYTES = 512;
const TYPICAL_OPTIONS_BYTES = 256;
const MAX_TIME_OFFSET_MS = 0xffff_ffff;
const NO_BYTES = new Uint8Array(0);

/**
 * Collects messages into one batch: each is serialized as it is added, into one growing buffer.
 *
 * Open until `finish`; from then on it takes no more messages.
 */
export class BatchBuilder {
  readonly #options: ResolvedBatchOptions;
  readonly #maxMessageBytes: number;
  readonly #maxMessages: number;
  readonly #destinationKey: "to" | "topic" | undefined;
  #state: "open" | "finished" = "open";
  #buffer: Buffer;
  #bytes = 0;
  #count = 0;
  #firstId: Uint8Array = NO_BYTES;
  #firstTimeMs = 0;
  /** Content type and type of the first message: what the header says for all. */
  #contentType = "";
  #type = "";
  #optionsWriter: WireWriter | undefined;

  /** @throws ChappeError INVALID_ARGUMENT for names or options outside their limits */
  constructor(options: BatchOptions, { maxMessageBytes, expectedBytes, destinationKey }: BatchBuilderOptions = {}) {
    this.#options = resolveBatchOptions(options);
    this.#maxMessageBytes = maxMessageBytes ?? MAX_MESSAGE_BYTES;
    const { deduplicationId, deliverAtMs } = this.#options;
    // Each is stored once, or taken back, by itself.
    this.#maxMessages = deduplicationId === "" && deliverAtMs === 0 ? MAX_BATCH_MESSAGES : 1;
    this.#destinationKey = destinationKey;
    this.#buffer = Buffer.allocUnsafe(expectedBytes ?? DEFAULT_EXPECTED_BYTES);
  }

  /** How many messages it holds. */
  get count(): number {
    return this.#count;
  }

  /** Length of the records so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Id of the first message, 16 bytes; empty until there is one. */
  get firstId(): Uint8Array {
    return this.#firstId;
  }

  /**
   * Adds a message. The body is copied: its bytes may be reused afterwards.
   *
   * @param nowMs the message's time, milliseconds since 1970-01-01 UTC
   * @returns its index in the batch, or -1 when it does not fit any more: finish this batch, begin another
   * @throws ChappeError INVALID_ARGUMENT for a bad message; the batch stays as it was
   */
  add(input: MessageInput, nowMs: number): number {
    if (hasUncheckedKeys(input, this.#destinationKey)) checkInputKeys(input, this.#destinationKey);
    checkSameOptions(input, this.#options);
    if (this.#count === this.#maxMessages || this.#state === "finished") return -1;

    let body = input.body as string | Uint8Array;
    let contentType = input.contentType;
    if (typeof body === "string") contentType ??= TEXT;
    else if (body instanceof Uint8Array) contentType ??= OCTET_STREAM;
    else {
      body = jsonBody(body);
      contentType ??= JSON_TYPE;
    }
    const bodyBytes = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    if (bodyBytes > this.#maxMessageBytes) throw this.#bodyTooLong(bodyBytes);

    const isFirst = this.#count === 0;
    const type = input.type ?? "";
    const differsInContentType = isFirst || contentType !== this.#contentType;
    const differsInType = isFirst || type !== this.#type;
    if (differsInContentType) checkOptionText(contentType, "contentType");
    if (differsInType) checkOptionText(type, "type");
    const timeMs = Math.floor(nowMs);
    const timeOffsetMs = isFirst ? 0 : Math.max(0, timeMs - this.#firstTimeMs);
    if (timeOffsetMs > MAX_TIME_OFFSET_MS) return -1;

    // The first message's content type and type stand in the header.
    const options =
      (differsInContentType && !isFirst) || (differsInType && !isFirst) || hasRecordOptions(input)
        ? this.#encodeOptions(input, {
            contentType: differsInContentType && !isFirst ? contentType : undefined,
            type: differsInType && !isFirst ? type : undefined,
            timeOffsetMs,
          })
        : undefined;
    const bodyFieldBytes = bodyBytes === 0 ? 0 : 1 + varintBytes(bodyBytes) + bodyBytes;
    const offsetFieldBytes = timeOffsetMs === 0 ? 0 : 1 + varintBytes(timeOffsetMs);
    const recordBytes = bodyFieldBytes + (options === undefined ? offsetFieldBytes : options.length);
    const bytes = this.#bytes + 1 + varintBytes(recordBytes) + recordBytes;
    if (bytes > FULL_BATCH_BYTES && !isFirst) return -1;

    if (isFirst) {
      this.#firstId = newIdBytes();
      this.#firstTimeMs = timeMs;
      this.#contentType = contentType;
      this.#type = type;
    }
    if (bytes > this.#buffer.length) this.#grow(bytes);
    const buffer = this.#buffer;
    let position = this.#bytes;
    buffer[position++] = RECORD_TAG;
    position = writeVarint(buffer, position, recordBytes);
    if (bodyBytes > 0) {
      buffer[position++] = BODY_TAG;
      position = writeVarint(buffer, position, bodyBytes);
      if (typeof body !== "string") buffer.set(body, position);
      // As many bytes as UTF-16 units: it is ASCII, and copying is faster than encoding.
      else buffer.write(body, position, bodyBytes, bodyBytes === body.length ? "latin1" : "utf8");
      position += bodyBytes;
    }
    if (options !== undefined) buffer.set(options, position);
    else if (timeOffsetMs > 0) {
      buffer[position++] = TIME_OFFSET_TAG;
      writeVarint(buffer, position, timeOffsetMs);
    }
    this.#bytes = bytes;
    return this.#count++;
  }

  /**
   * The batch, for this producer and sequence. Its records are the builder's own bytes, not a copy. May be called
   * again, for another producer.
   *
   * @param producerId 16 bytes, or none: then `sequence` is 0
   * @throws ChappeError FAILED_PRECONDITION when there is no message
   */
  finish(producerId: Uint8Array, sequence: number): Batch {
    if (this.#count === 0) throw new ChappeError("FAILED_PRECONDITION", "a batch needs at least one message");
    this.#state = "finished";
    const header = {
      ...this.#options,
      producerId,
      sequence,
      count: this.#count,
      firstId: this.#firstId,
      firstTimeMs: this.#firstTimeMs,
      contentType: this.#contentType === OCTET_STREAM ? "" : this.#contentType,
      type: this.#type,
      resent: false,
    };
    return { header, headerBytes: encodeBatchHeader(header), records: this.#buffer.subarray(0, this.#bytes) };
  }

  #encodeOptions(input: MessageInput, options: RecordOptions): Uint8Array {
    this.#optionsWriter ??= new WireWriter(TYPICAL_OPTIONS_BYTES);
    this.#optionsWriter.clear();
    writeRecordOptions(this.#optionsWriter, input, options);
    return this.#optionsWriter.finish();
  }

  #grow(needed: number): void {
    const doubled = this.#buffer.length * 2;
    const grown = Buffer.allocUnsafe(needed > doubled ? needed : doubled);
    this.#buffer.copy(grown, 0, 0, this.#bytes);
    this.#buffer = grown;
  }

  #bodyTooLong(bytes: number): ChappeError {
    return new ChappeError("INVALID_ARGUMENT", `body has ${bytes} bytes; at most ${this.#maxMessageBytes} are allowed`);
  }
}

/** Whether a record needs more than body, content type, type and time. */
function hasRecordOptions(input: MessageInput): boolean {
  return (
    input.id !== undefined ||
    input.correlationId !== undefined ||
    input.replyTo !== undefined ||
    input.traceparent !== undefined ||
    input.attributes !== undefined
  );
}

/** Whether a key may be one that nobody knows: counting is much cheaper than comparing names. */
function hasUncheckedKeys(input: MessageInput, destinationKey: string | undefined): boolean {
  if (typeof input !== "object" || input === null || input.body === undefined) return true;
  let keys = 0;
  for (const _ in input) keys++;
  let known = destinationKey === undefined ? 1 : 2;
  if (input.contentType !== undefined) known++;
  if (input.type !== undefined) known++;
  if (input.id !== undefined) known++;
  if (input.correlationId !== undefined) known++;
  if (input.replyTo !== undefined) known++;
  if (input.traceparent !== undefined) known++;
  if (input.attributes !== undefined) known++;
  if (input.orderingKey !== undefined) known++;
  if (input.ttlMs !== undefined) known++;
  if (input.deliverAt !== undefined) known++;
  if (input.deduplicationId !== undefined) known++;
  return keys !== known;
}
