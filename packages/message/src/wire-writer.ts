import { ChappeError } from "./chappe-error.ts";
import { varintBytes, writeVarint } from "./varint.ts";
import { LEN, VARINT } from "./wire-reader.ts";

const MAX_UINT32 = 0xffff_ffff;
/** A tag of field 1 to 15 takes 1 byte, a varint at most 10. */
const MAX_NUMBER_FIELD_BYTES = 11;
/** Longest text that is looped over; measured on Node 24. */
const MAX_LOOPED = 40;

/**
 * Writes one protobuf message, field by field, in the order of the calls. Like every proto3 encoder it leaves out
 * numbers, texts and bytes that have their default value. Fields 1 to 15 only: their tags are one byte.
 */
export class WireWriter {
  #buffer: Buffer;
  #length = 0;

  /** @param capacity expected length in bytes; a good guess saves copying, a wrong one costs nothing else */
  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** @throws ChappeError INVALID_ARGUMENT for anything but a whole number from 0 to 2^32 - 1 */
  uint32(field: number, value: number): void {
    if (value > MAX_UINT32) throw notWritable(field, value, "2^32 - 1");
    this.uint64(field, value);
  }

  /** @throws ChappeError INVALID_ARGUMENT for anything but a whole number from 0 to 2^53 - 1 */
  uint64(field: number, value: number): void {
    if (value !== 0) this.presentUint64(field, value);
  }

  /** The same, for an optional field, or one of a list: 0 is written too. */
  presentUint64(field: number, value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw notWritable(field, value, "2^53 - 1");
    this.#reserve(MAX_NUMBER_FIELD_BYTES);
    this.#buffer[this.#length++] = (field << 3) | VARINT;
    this.#length = writeVarint(this.#buffer, this.#length, value);
  }

  bool(field: number, value: boolean): void {
    if (value) this.presentUint64(field, 1);
  }

  /** A lone surrogate becomes U+FFFD, as in every UTF-8 encoder. */
  string(field: number, text: string): void {
    if (text !== "") this.presentString(field, text);
  }

  /** The same, for an optional field: an empty text is written too. */
  presentString(field: number, text: string): void {
    if (text.length <= MAX_LOOPED && this.#shortAscii(field, text)) return;
    const bytes = Buffer.byteLength(text);
    this.#lengthPrefix(field, bytes, bytes);
    this.#buffer.write(text, this.#length, bytes, "utf8");
    this.#length += bytes;
  }

  bytes(field: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.presentBytes(field, bytes);
  }

  /** The same, for an embedded message: an empty one is written too. */
  presentBytes(field: number, bytes: Uint8Array): void {
    this.#lengthPrefix(field, bytes.length, bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Packed numbers. @throws ChappeError INVALID_ARGUMENT for anything but whole numbers from 0 to 2^53 - 1 */
  packedUint64(field: number, values: readonly number[]): void {
    if (values.length === 0) return;
    let bytes = 0;
    for (const value of values) {
      if (!Number.isSafeInteger(value) || value < 0) throw notWritable(field, value, "2^53 - 1");
      bytes += varintBytes(value);
    }
    this.#lengthPrefix(field, bytes, bytes);
    for (const value of values) this.#length = writeVarint(this.#buffer, this.#length, value);
  }

  /**
   * Begins an embedded message; what is written until `close` belongs to it.
   *
   * @param expectedBytes its length, as far as known: when that has as many digits as the real one, nothing is moved
   * @returns what to give to `close`
   */
  open(field: number, expectedBytes: number): number {
    this.#lengthPrefix(field, expectedBytes, expectedBytes);
    return this.#length;
  }

  /** Ends the embedded message that `open` began, given what `open` returned and what it was given. */
  close(start: number, expectedBytes: number): void {
    const bytes = this.#length - start;
    const reserved = varintBytes(expectedBytes);
    const needed = varintBytes(bytes);
    if (needed !== reserved) {
      this.#reserve(needed);
      this.#buffer.copyWithin(start + needed - reserved, start, this.#length);
      this.#length += needed - reserved;
    }
    writeVarint(this.#buffer, start - reserved, bytes);
  }

  /** Begins anew in the same memory: what `finish` returned before will be overwritten. */
  clear(): void {
    this.#length = 0;
  }

  /** All that was written: a view on the writer's memory. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Writes a short text if it is ASCII: a loop is then several times faster than two calls out of JavaScript. */
  #shortAscii(field: number, text: string): boolean {
    this.#reserve(MAX_NUMBER_FIELD_BYTES + MAX_LOOPED);
    const buffer = this.#buffer;
    let position = this.#length;
    buffer[position++] = (field << 3) | LEN;
    buffer[position++] = text.length;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 0x80) return false;
      buffer[position++] = code;
    }
    this.#length = position;
    return true;
  }

  #lengthPrefix(field: number, length: number, room: number): void {
    this.#reserve(MAX_NUMBER_FIELD_BYTES + room);
    this.#buffer[this.#length++] = (field << 3) | LEN;
    this.#length = writeVarint(this.#buffer, this.#length, length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

function notWritable(field: number, value: number, largest: string): ChappeError {
  return new ChappeError(
    "INVALID_ARGUMENT",
    `field ${field}: ${value} where a whole number from 0 to ${largest} is needed`,
  );
}
