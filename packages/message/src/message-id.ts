import { v7 } from "uuid";

const TWO_TO_32 = 0x1_0000_0000;

/** A new message id: a UUIDv7 (RFC 9562) in its canonical form. Ids of one process sort by when they were made. */
export function newId(): string {
  return v7();
}

/** A new message id as its 16 bytes, for `BatchHeader.firstId`. */
export function newIdBytes(): Uint8Array {
  return v7(undefined, new Uint8Array(16));
}

/**
 * The id of the message at `index` of a batch: `firstId` plus `index`, both as 128-bit big-endian integers, in the
 * canonical form of a UUID. A `firstId` shorter than 16 bytes counts as filled up with zeros.
 */
export function messageIdAt(firstId: Uint8Array, index: number): string {
  const words = [0, 4, 8, 12].map((at) => wordAt(firstId, at));
  let carry = index;
  for (let word = 3; word >= 0 && carry > 0; word--) {
    const sum = (words[word] as number) + carry;
    words[word] = sum % TWO_TO_32;
    carry = Math.floor(sum / TWO_TO_32);
  }
  const hex = words.map((word) => word.toString(16).padStart(8, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 0x100_0000 + (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}
