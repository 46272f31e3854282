import { ChappeError } from "./chappe-error.ts";
import { LEN } from "./wire-reader.ts";

/** Tag of `Records.record`. */
export const RECORD_TAG = (1 << 3) | LEN;

const MAX_LENGTH_BYTES = 5;

/**
 * Where each record begins, and where the last one ends: `count` + 1 offsets. Record n, with its framing, is
 * `records.subarray(offsets[n], offsets[n + 1])`, and any run of neighbours is again a valid `Records`.
 *
 * Only length prefixes are read, never a record.
 *
 * @throws ChappeError INVALID_ARGUMENT when there are more or fewer records than `count`, when the last one is cut, or
 * when anything but records stands between them
 */
export function recordOffsets(records: Uint8Array, count: number): Uint32Array {
  // Each record has at least a tag and a length, so a count that lies cannot make us allocate for it.
  if (count * 2 > records.length) throw wrongCount(records, count);
  const offsets = new Uint32Array(count + 1);
  let position = 0;
  for (let index = 0; index < count; index++) {
    position = recordEnd(records, position, index, count);
    offsets[index + 1] = position;
  }
  if (position !== records.length) throw wrongCount(records, count);
  return offsets;
}

/**
 * Where the record at `start` ends.
 *
 * @param index of the record, for errors
 * @param count of all records that there should be, for errors
 * @throws ChappeError INVALID_ARGUMENT when there is no whole record
 */
export function recordEnd(records: Uint8Array, start: number, index: number, count: number): number {
  if (start >= records.length) {
    throw new ChappeError("INVALID_ARGUMENT", `records: ${index} where the count says ${count}`);
  }
  if (records[start] !== RECORD_TAG) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `records[${index}]: tag ${records[start]} at byte ${start}, where only ${RECORD_TAG} (a record) is allowed`,
    );
  }
  let position = start + 1;
  let length = records[position++];
  if (length !== undefined && length >= 0x80) {
    let value = length & 0x7f;
    let factor = 0x80;
    do {
      length = position - start > MAX_LENGTH_BYTES ? undefined : records[position++];
      if (length === undefined) break;
      value += (length & 0x7f) * factor;
      factor *= 0x80;
    } while (length >= 0x80);
    if (length !== undefined) length = value;
  }
  if (length === undefined || length > records.length - position) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `records[${index}]: ${length === undefined ? "no valid length" : `a length of ${length}`} at byte ${start + 1}, ` +
        `where ${Math.max(0, records.length - position)} bytes are left`,
    );
  }
  return position + length;
}

function wrongCount(records: Uint8Array, count: number): ChappeError {
  return new ChappeError(
    "INVALID_ARGUMENT",
    `records: ${records.length} bytes do not hold just the ${count} records that the count says`,
  );
}
