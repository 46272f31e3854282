import { inspect } from "node:util";
import { ChappeError } from "./chappe-error.ts";
import { OCTET_STREAM } from "./content-type.ts";
import type { RecordBatch } from "./record-batch.ts";
import { type RecordPlace, readAttributes, readText, scanRecord } from "./record-reader.ts";
import { LEN, VARINT } from "./wire-reader.ts";

const BODY_TAG = (1 << 3) | LEN;
const TIME_OFFSET_TAG = (5 << 3) | VARINT;
const NOT_SCANNED = -1;
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({});

/**
 * A message as it was received. Fields are read when asked for.
 *
 * It may be kept for as long as you like; while it lives, so does the frame it came in (up to 4 MiB), because `body` is
 * a view on it. To keep only a body, take `bytes()`.
 *
 * Every getter throws ChappeError INVALID_ARGUMENT when the sender has written a broken record; nobody between sender
 * and receiver reads records.
 */
export class Message {
  readonly #batch: RecordBatch;
  readonly #index: number;
  /** Where the body stands in the batch's buffer; NOT_SCANNED until it is looked for. */
  #bodyStart = NOT_SCANNED;
  #bodyEnd = 0;
  #timeOffsetMs = 0;
  /** Bit n: the record has field n. */
  #fields = 0;

  /** @param index of the record within `batch` */
  constructor(batch: RecordBatch, index: number) {
    this.#batch = batch;
    this.#index = index;
  }

  /** Given by the sender, or a UUIDv7 that follows from the batch's. */
  get id(): string {
    return this.#text(4) ?? this.#batch.idAt(this.#index);
  }

  /** Kind of message, for example "order.created"; may be empty. */
  get type(): string {
    return this.#text(3) ?? this.#batch.header.type;
  }

  /** Media type of the body. */
  get contentType(): string {
    return (this.#text(2) ?? this.#batch.header.contentType) || OCTET_STREAM;
  }

  /** Who sent it; checked by the router. */
  get sender(): string {
    return this.#batch.header.sender;
  }

  /** Where it was sent to: `receiver:<id>` or `topic:<name>`. */
  get address(): string {
    return this.#batch.header.address;
  }

  /** When it was given to the sender. */
  get time(): Date {
    return new Date(this.timeMs);
  }

  /** When it was given to the sender, milliseconds since 1970-01-01 UTC. */
  get timeMs(): number {
    this.#scan();
    return this.#batch.header.firstTimeMs + this.#timeOffsetMs;
  }

  /** Ties a reply to its request; may be empty. */
  get correlationId(): string {
    return this.#text(6) ?? "";
  }

  /** Address a reply should go to; may be empty. */
  get replyTo(): string {
    return this.#text(7) ?? "";
  }

  /** W3C Trace Context `traceparent`; may be empty. */
  get traceparent(): string {
    return this.#text(8) ?? "";
  }

  /** The sender's attributes, read anew at each access. */
  get attributes(): Readonly<Record<string, string>> {
    this.#scan();
    return (this.#fields & (1 << 9)) === 0 ? NO_ATTRIBUTES : readAttributes(this.#place());
  }

  /** Messages with the same key are delivered in order; may be empty. */
  get orderingKey(): string {
    return this.#batch.header.orderingKey;
  }

  /** How long it is worth delivering, milliseconds from its time; 0: for ever. */
  get ttlMs(): number {
    return this.#batch.header.ttlMs;
  }

  /** Its share of the delivery's records, framing included: what it costs of a consumer's credit. */
  get encodedBytes(): number {
    const { offsets } = this.#batch;
    return (offsets[this.#index + 1] as number) - (offsets[this.#index] as number);
  }

  /** The body: a view on the frame it came in, no copy. */
  get body(): Uint8Array {
    this.#scan();
    return this.#batch.buffer.subarray(this.#bodyStart, this.#bodyEnd);
  }

  /**
   * A copy of the body, which does not keep the frame in memory. Its `buffer` may be shared with other small bodies, as
   * with every Buffer: it comes from Node's pool, because a memory of its own costs five times as much.
   */
  bytes(): Uint8Array {
    return Buffer.from(this.body);
  }

  /** The body as UTF-8 text, whatever its content type; bytes that are not UTF-8 become U+FFFD. */
  text(): string {
    this.#scan();
    return this.#batch.buffer.toString("utf8", this.#bodyStart, this.#bodyEnd);
  }

  /** The body as JSON, whatever its content type. @throws ChappeError INVALID_ARGUMENT when it is not JSON */
  json<T = unknown>(): T {
    try {
      return JSON.parse(this.text()) as T;
    } catch (cause) {
      throw new ChappeError(
        "INVALID_ARGUMENT",
        `body of message ${this.id} (${this.contentType}) is not JSON: ${String(cause)}`,
        { cause },
      );
    }
  }

  /** How errors call it: where it stood in its batch, which can be said of a broken record too. */
  toString(): string {
    return `message ${this.#batch.first + this.#index} of a batch of ${this.sender} to ${this.address}`;
  }

  /** What `console.log` shows: the header, and the body's length. */
  [inspect.custom](): object {
    const { id, type, sender, address, contentType, time, attributes } = this;
    return { id, type, sender, address, contentType, time, attributes, bodyBytes: this.body.length };
  }

  /** A text field of the record; undefined when it is not there. */
  #text(field: number): string | undefined {
    this.#scan();
    return (this.#fields & (1 << field)) === 0 ? undefined : readText(this.#place(), field);
  }

  /**
   * Finds the body. By far the most records are a body and perhaps a time: those are read here, with nothing
   * allocated. All others are read field by field.
   */
  #scan(): void {
    if (this.#bodyStart !== NOT_SCANNED) return;
    const { buffer } = this.#batch;
    const start = this.#contentStart();
    const end = this.#batch.offsets[this.#index + 1] as number;
    let position = start;
    let bodyStart = start;
    let bodyEnd = start;
    if (position < end && buffer[position] === BODY_TAG) {
      let length = buffer[position + 1] as number;
      bodyStart = position + 2;
      if (length >= 0x80) {
        const upper = buffer[bodyStart++] as number;
        // A third byte or more, that is a body of 16 KiB or more: let the reader do it.
        length = upper < 0x80 ? (length & 0x7f) | (upper << 7) : end;
      }
      bodyEnd = bodyStart + length;
      position = bodyEnd;
    }
    if (position < end && buffer[position] === TIME_OFFSET_TAG) {
      let byte = 0x80;
      let offset = 0;
      let shift = 0;
      for (position++; byte >= 0x80 && position < end && shift < 28; shift += 7) {
        byte = buffer[position++] as number;
        offset |= (byte & 0x7f) << shift;
      }
      this.#timeOffsetMs = offset;
      if (byte >= 0x80) position = NOT_SCANNED;
    }
    if (position === end) {
      this.#bodyEnd = bodyEnd;
      this.#bodyStart = bodyStart;
      return;
    }
    const scan = scanRecord({ buffer, start, end, what: this });
    this.#timeOffsetMs = scan.timeOffsetMs;
    this.#fields = scan.fields;
    this.#bodyEnd = scan.bodyEnd;
    this.#bodyStart = scan.bodyStart;
  }

  /** Behind the record's tag and length, which are known to be good. */
  #contentStart(): number {
    const { buffer, offsets } = this.#batch;
    let position = (offsets[this.#index] as number) + 1;
    while ((buffer[position++] as number) >= 0x80);
    return position;
  }

  #place(): RecordPlace {
    const { buffer, offsets } = this.#batch;
    return { buffer, start: this.#contentStart(), end: offsets[this.#index + 1] as number, what: this };
  }
}
