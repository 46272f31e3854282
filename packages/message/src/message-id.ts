import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";
import { asBuffer } from "./as-buffer.ts";

const NO_BYTES = new Uint8Array(0);
const TWO_TO_32 = 0x1_0000_0000;

/** Random bytes are asked for this many ids at a time: for one alone, asking costs several times the rest of it. */
const IDS_PER_DRAW = 256;
const RANDOM_BYTES = 16;

/** Makes UUIDv7s (RFC 9562) that ascend: within a millisecond by a counter that begins anywhere (section 6.2, method 1). */
class IdSource {
  readonly #random = new Uint8Array(IDS_PER_DRAW * RANDOM_BYTES);
  #drawn = this.#random.length;
  #lastMs = 0;
  #counter = 0;

  next(): Uint8Array {
    if (this.#drawn === this.#random.length) {
      randomFillSync(this.#random);
      this.#drawn = 0;
    }
    const random = this.#random.subarray(this.#drawn, (this.#drawn += RANDOM_BYTES));
    const nowMs = Date.now();
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      // 31 bits, so that 2^31 more fit the millisecond.
      this.#counter = wordAt(random, 6) >>> 1;
    } else {
      this.#counter = (this.#counter + 1) >>> 0;
      if (this.#counter === 0) this.#lastMs++;
    }
    return v7({ random, msecs: this.#lastMs, seq: this.#counter }, new Uint8Array(16));
  }
}

/** One for the process, for ids of one process ascend. */
const ids = new IdSource();

/** A new message id: a UUIDv7 (RFC 9562) in its canonical form. Ids of one process sort by when they were made. */
export function newId(): string {
  return messageIdAt(ids.next(), 0);
}

/** A new message id as its 16 bytes, for `BatchHeader.firstId`. */
export function newIdBytes(): Uint8Array {
  return ids.next();
}

/**
 * The id of the message at `index` of a batch: `firstId` plus `index`, both as 128-bit big-endian integers, in the
 * canonical form of a UUID. A `firstId` that has not 16 bytes counts as cut, or filled up with zeros.
 */
export function messageIdAt(firstId: Uint8Array, index: number): string {
  return messageIdFrom(idPrefix(firstId), firstId, index);
}

/** The first 12 of 16 bytes in the canonical form of a UUID: what the ids of a batch have in common. */
export function idPrefix(firstId: Uint8Array): string {
  const hex = asBuffer(firstId).toString("hex", 0, 12).padEnd(24, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** `messageIdAt` for a caller that keeps the prefix: the ids of one batch differ in their last 4 bytes. */
export function messageIdFrom(prefix: string, firstId: Uint8Array, index: number): string {
  const last = wordAt(firstId, 12) + index;
  if (last < TWO_TO_32) return prefix + last.toString(16).padStart(8, "0");
  return messageIdFrom(idPrefix(nextPrefix(firstId)), NO_BYTES, last - TWO_TO_32);
}

/** The first 12 bytes plus 1: a batch whose ids run over the end of their last 4 bytes. */
function nextPrefix(firstId: Uint8Array): Uint8Array {
  const next = new Uint8Array(12);
  next.set(firstId.subarray(0, 12));
  for (let at = 11; at >= 0; at--) {
    next[at] = (next[at] as number) + 1;
    if (next[at] !== 0) break;
  }
  return next;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 0x100_0000 + (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}
