import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.Delivery`: consecutive messages of one batch, handed to one consumer. */
export interface FrameDelivery {
  /** Counts up from 1 on each stream. */
  readonly number: number;
  /** 1 + failures counted. */
  readonly attempt: number;
  /** The messages may have been handed out before, by a router that is gone. */
  readonly redelivered: boolean;
  /** Index of the first record within the batch it was sent in. */
  readonly first: number;
  /** Number of records here. */
  readonly count: number;
  /** The batch's header, as it was sent. */
  readonly headerBytes: Uint8Array;
  /** A serialized `Records`. */
  readonly records: Uint8Array;
  /** At least two consumers have crashed with this message, the only one here. */
  readonly suspect: boolean;
}

const NO_BYTES: Buffer = Buffer.alloc(0);
const FIXED_FIELDS_BYTES = 20;

/** Writes a delivery as an embedded message; its bytes are copied. */
export function writeDelivery(writer: WireWriter, field: number, delivery: FrameDelivery): void {
  const expectedBytes = delivery.headerBytes.length + delivery.records.length + FIXED_FIELDS_BYTES;
  const start = writer.open(field, expectedBytes);
  writer.uint64(1, delivery.number);
  writer.uint32(2, delivery.attempt);
  writer.bool(3, delivery.redelivered);
  writer.uint32(4, delivery.first);
  writer.uint32(5, delivery.count);
  writer.presentBytes(6, delivery.headerBytes);
  writer.bytes(7, delivery.records);
  writer.bool(8, delivery.suspect);
  writer.close(start, expectedBytes);
}

/** Reads an embedded delivery, as views on `bytes`. @throws ChappeError INVALID_ARGUMENT for bytes that are none */
export function readDelivery(bytes: Uint8Array): FrameDelivery {
  const reader = new WireReader(bytes, "delivery");
  let number = 0;
  let attempt = 0;
  let redelivered = false;
  let first = 0;
  let count = 0;
  let headerBytes = NO_BYTES;
  let records = NO_BYTES;
  let suspect = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        number = reader.uint64();
        break;
      case (2 << 3) | VARINT:
        attempt = reader.uint32();
        break;
      case (3 << 3) | VARINT:
        redelivered = reader.bool();
        break;
      case (4 << 3) | VARINT:
        first = reader.uint32();
        break;
      case (5 << 3) | VARINT:
        count = reader.uint32();
        break;
      case (6 << 3) | LEN:
        headerBytes = reader.bytes();
        break;
      case (7 << 3) | LEN:
        records = reader.bytes();
        break;
      case (8 << 3) | VARINT:
        suspect = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
  return { number, attempt, redelivered, first, count, headerBytes, records, suspect };
}
