import { LEN, VARINT, WireReader } from "./wire-reader.ts";

/** Where a record stands, without its framing, and how errors call it. */
export interface RecordPlace {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly what: { toString(): string };
}

/** Where things stand in a serialized `chappe.v1.Record`. */
export interface RecordScan {
  /** Offsets within the buffer. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly timeOffsetMs: number;
  /** Bit n: the record has field n. */
  readonly fields: number;
}

const ATTRIBUTES_TAG = (9 << 3) | LEN;
/** Fields 2, 3, 4, 6, 7, 8 and 9: texts, and the attributes. */
const LAZY_FIELDS = 0b11_1101_1100;

/** Walks over a record without reading its texts. @throws ChappeError INVALID_ARGUMENT for bytes that are none */
export function scanRecord({ buffer, start, end, what }: RecordPlace): RecordScan {
  const reader = new WireReader(buffer, what, start, end);
  let bodyStart = start;
  let bodyEnd = start;
  let timeOffsetMs = 0;
  let fields = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ((1 << 3) | LEN)) {
      bodyStart = reader.skipLength();
      bodyEnd = reader.position;
    } else if (tag === ((5 << 3) | VARINT)) timeOffsetMs = reader.uint32();
    else {
      if ((tag & 7) === LEN && tag <= ATTRIBUTES_TAG) fields |= LAZY_FIELDS & (1 << (tag >>> 3));
      reader.skip(tag);
    }
  }
  return { bodyStart, bodyEnd, timeOffsetMs, fields };
}

/** A text field of a record that has it. @throws ChappeError INVALID_ARGUMENT when it is not UTF-8 */
export function readText({ buffer, start, end, what }: RecordPlace, field: number): string {
  const reader = new WireReader(buffer, what, start, end);
  let text = "";
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ((field << 3) | LEN)) text = reader.string();
    else reader.skip(tag);
  }
  return text;
}

/**
 * The attributes of a record.
 *
 * @throws ChappeError INVALID_ARGUMENT for bytes that are none, or not UTF-8
 */
export function readAttributes({ buffer, start, end, what }: RecordPlace): Record<string, string> {
  const reader = new WireReader(buffer, what, start, end);
  // Without a prototype, so that "__proto__" is a key like any other.
  const attributes: Record<string, string> = Object.create(null);
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ATTRIBUTES_TAG) {
      const entryStart = reader.skipLength();
      readEntry({ buffer, start: entryStart, end: reader.position, what }, attributes);
    } else reader.skip(tag);
  }
  return attributes;
}

function readEntry({ buffer, start, end, what }: RecordPlace, into: Record<string, string>): void {
  const reader = new WireReader(buffer, what, start, end);
  let key = "";
  let value = "";
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ((1 << 3) | LEN)) key = reader.string();
    else if (tag === ((2 << 3) | LEN)) value = reader.string();
    else reader.skip(tag);
  }
  into[key] = value;
}
