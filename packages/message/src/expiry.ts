import { asBuffer } from "./as-buffer.ts";
import { scanRecord } from "./record-reader.ts";
import { VARINT, WireReader } from "./wire-reader.ts";

const FIRST_TIME_TAG = (7 << 3) | VARINT;
const TTL_TAG = (11 << 3) | VARINT;

/**
 * When the first message of a batch expires, milliseconds since 1970-01-01 UTC: its time and the batch's `ttl_ms`.
 * Infinity where messages are worth delivering for ever. Walks over a serialized `BatchHeader` without reading its texts.
 *
 * @throws ChappeError INVALID_ARGUMENT for bytes that are none
 */
export function firstExpiryMs(headerBytes: Uint8Array): number {
  const reader = new WireReader(headerBytes, "batch header");
  let firstTimeMs = 0;
  let ttlMs = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === FIRST_TIME_TAG) firstTimeMs = reader.uint64();
    else if (tag === TTL_TAG) ttlMs = reader.uint64();
    else reader.skip(tag);
  }
  return ttlMs === 0 ? Number.POSITIVE_INFINITY : firstTimeMs + ttlMs;
}

/**
 * How long after the first message of its batch each record's message was given to the sender, milliseconds.
 *
 * @param offsets where each record begins, and where the last one ends: `recordOffsets`
 * @throws ChappeError INVALID_ARGUMENT for a record that cannot be read
 */
export function timeOffsetsMs(records: Uint8Array, offsets: Uint32Array): Uint32Array {
  const buffer = asBuffer(records);
  const times = new Uint32Array(offsets.length - 1);
  for (let index = 0; index < times.length; index++) {
    const framing = new WireReader(buffer, "records", offsets[index], offsets[index + 1]);
    framing.tag();
    const place = { buffer, start: framing.skipLength(), end: framing.position, what: `records[${index}]` };
    times[index] = scanRecord(place).timeOffsetMs;
  }
  return times;
}
