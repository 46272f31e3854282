import { isUtf8 } from "node:buffer";
import { asBuffer } from "./as-buffer.ts";
import { ChappeError } from "./chappe-error.ts";

/** Wire type of integers, booleans and enums (protobuf encoding guide, "Message Structure"). */
export const VARINT = 0;
/** Wire type of strings, bytes, messages and packed numbers. */
export const LEN = 2;
const I64 = 1;
const I32 = 5;

const MAX_UINT32 = 0xffff_ffff;
const TWO_TO_32 = 0x1_0000_0000;
/** A number holds 53 bits: above this, the upper 32 bits of a varint do not fit. */
const MAX_UPPER = 0x1f_ffff;

/**
 * Reads one protobuf message, field by field. Whatever the bytes are, the only error it throws is a ChappeError
 * INVALID_ARGUMENT that says what was read and at which byte it went wrong.
 *
 * Use: `for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) switch (tag) { case (1 << 3) | LEN: …`, with
 * `skip(tag)` as default. A known field with a foreign wire type is thus skipped, as unknown fields are. Of a
 * singular field that stands there twice, the last one counts.
 */
export class WireReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  readonly #what: string | { toString(): string };
  #position: number;

  /**
   * @param what how errors call the message: a text, or whatever can make one when it is needed
   * @param start where the message begins; positions, also in errors, count from the beginning of `bytes`
   * @param end where it ends
   */
  constructor(bytes: Uint8Array, what: string | { toString(): string }, start = 0, end = bytes.length) {
    this.#buffer = asBuffer(bytes);
    this.#end = end;
    this.#what = what;
    this.#position = start;
  }

  /** Behind the last byte that was read. */
  get position(): number {
    return this.#position;
  }

  /** The next field's number and wire type, or 0 at the end. */
  tag(): number {
    if (this.#position >= this.#end) return 0;
    const tag = this.uint32();
    if (tag >>> 3 === 0) throw this.error("field number 0");
    return tag;
  }

  /** A uint32, int32 or enum that is not negative. */
  uint32(): number {
    const value = this.uint64();
    if (value > MAX_UINT32) throw this.error(`${value} where at most ${MAX_UINT32} is allowed`);
    return value;
  }

  /** A uint64 that a number can hold, so at most 2^53 - 1. */
  uint64(): number {
    const buffer = this.#buffer;
    if (this.#position < this.#end) {
      const only = buffer[this.#position] as number;
      if (only < 0x80) {
        this.#position++;
        return only;
      }
    }
    // Two unsigned halves: shifts would turn negative at bit 31.
    let lower = 0;
    let upper = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#position >= this.#end) throw this.error("cut inside a number");
      const byte = buffer[this.#position++] as number;
      const bits = byte & 0x7f;
      if (shift < 28) lower |= bits << shift;
      else if (shift === 28) {
        lower |= bits << 28;
        upper = bits >>> 4;
      } else upper = (upper | (bits << (shift - 32))) >>> 0;
      if (byte < 0x80) {
        if (upper > MAX_UPPER) throw this.error("a number above 2^53 - 1");
        return upper * TWO_TO_32 + (lower >>> 0);
      }
    }
    throw this.error("a number longer than 10 bytes");
  }

  bool(): boolean {
    return this.uint64() !== 0;
  }

  /** A view on the bytes, no copy. */
  bytes(): Buffer {
    const length = this.#length();
    const start = this.#position;
    this.#position = start + length;
    return this.#buffer.subarray(start, this.#position);
  }

  /** Passes over text, bytes or a message; returns where its content begins. */
  skipLength(): number {
    const length = this.#length();
    const start = this.#position;
    this.#position = start + length;
    return start;
  }

  /** Text; bytes that are not UTF-8 are refused, as the protobuf specification asks of proto3. */
  string(): string {
    const length = this.#length();
    const start = this.#position;
    this.#position = start + length;
    const text = this.#buffer.toString("utf8", start, this.#position);
    // Only what was replaced, or sent so, shows this character: the strict check is not needed otherwise.
    if (text.includes("\ufffd") && !isUtf8(this.#buffer.subarray(start, this.#position))) {
      throw this.error("text that is not UTF-8");
    }
    return text;
  }

  /** Packed numbers, added to `into`. */
  packedUint64(into: number[]): void {
    const packed = new WireReader(this.bytes(), this.#what);
    while (packed.#position < packed.#end) into.push(packed.uint64());
  }

  /** Passes over a field nobody here knows. */
  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.#skipVarint();
        break;
      case LEN:
        this.skipLength();
        break;
      case I64:
        this.#advance(8);
        break;
      case I32:
        this.#advance(4);
        break;
      default:
        throw this.error(`wire type ${tag & 7}, which proto3 does not have`);
    }
  }

  /** What went wrong, with the message's name and the position. */
  error(problem: string): ChappeError {
    return new ChappeError("INVALID_ARGUMENT", `${this.#what.toString()}: ${problem}, before byte ${this.#position}`);
  }

  #length(): number {
    const length = this.uint32();
    if (length > this.#end - this.#position) {
      throw this.error(`a length of ${length} where ${this.#end - this.#position} bytes are left`);
    }
    return length;
  }

  #advance(count: number): void {
    if (count > this.#end - this.#position) throw this.error("cut inside a fixed-length number");
    this.#position += count;
  }

  #skipVarint(): void {
    for (let length = 1; length <= 10; length++) {
      if (this.#position >= this.#end) throw this.error("cut inside a number");
      if ((this.#buffer[this.#position++] as number) < 0x80) return;
    }
    throw this.error("a number longer than 10 bytes");
  }
}
