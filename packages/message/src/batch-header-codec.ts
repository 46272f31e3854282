import type { Batch, BatchHeader } from "./batch.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

const NO_BYTES: Buffer = Buffer.alloc(0);
const TYPICAL_HEADER_BYTES = 256;

/**
 * Serializes a header as `chappe.v1.BatchHeader`.
 *
 * @throws ChappeError INVALID_ARGUMENT for a number that is negative, broken or above 2^53 - 1; names and limits are
 * `checkBatch`'s business
 */
export function encodeBatchHeader(header: BatchHeader): Uint8Array {
  const writer = new WireWriter(TYPICAL_HEADER_BYTES);
  writer.string(1, header.sender);
  writer.string(2, header.address);
  writer.bytes(3, header.producerId);
  writer.uint64(4, header.sequence);
  writer.uint32(5, header.count);
  writer.bytes(6, header.firstId);
  writer.uint64(7, header.firstTimeMs);
  writer.string(8, header.contentType);
  writer.string(9, header.type);
  writer.string(10, header.orderingKey);
  writer.uint64(11, header.ttlMs);
  writer.uint64(12, header.deliverAtMs);
  writer.string(13, header.deduplicationId);
  writer.bool(15, header.resent);
  return writer.finish();
}

/**
 * Reads a serialized `chappe.v1.BatchHeader`. `producerId` and `firstId` are views on `bytes`.
 *
 * @throws ChappeError INVALID_ARGUMENT for bytes that are none, and for numbers above 2^53 - 1; names and limits are
 * `checkBatch`'s business
 */
export function decodeBatchHeader(bytes: Uint8Array): BatchHeader {
  const reader = new WireReader(bytes, "batch header");
  let sender = "";
  let address = "";
  let producerId = NO_BYTES;
  let sequence = 0;
  let count = 0;
  let firstId = NO_BYTES;
  let firstTimeMs = 0;
  let contentType = "";
  let type = "";
  let orderingKey = "";
  let ttlMs = 0;
  let deliverAtMs = 0;
  let deduplicationId = "";
  let resent = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | LEN:
        sender = reader.string();
        break;
      case (2 << 3) | LEN:
        address = reader.string();
        break;
      case (3 << 3) | LEN:
        producerId = reader.bytes();
        break;
      case (4 << 3) | VARINT:
        sequence = reader.uint64();
        break;
      case (5 << 3) | VARINT:
        count = reader.uint32();
        break;
      case (6 << 3) | LEN:
        firstId = reader.bytes();
        break;
      case (7 << 3) | VARINT:
        firstTimeMs = reader.uint64();
        break;
      case (8 << 3) | LEN:
        contentType = reader.string();
        break;
      case (9 << 3) | LEN:
        type = reader.string();
        break;
      case (10 << 3) | LEN:
        orderingKey = reader.string();
        break;
      case (11 << 3) | VARINT:
        ttlMs = reader.uint64();
        break;
      case (12 << 3) | VARINT:
        deliverAtMs = reader.uint64();
        break;
      case (13 << 3) | LEN:
        deduplicationId = reader.string();
        break;
      case (15 << 3) | VARINT:
        resent = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    sender,
    address,
    producerId,
    sequence,
    count,
    firstId,
    firstTimeMs,
    contentType,
    type,
    orderingKey,
    ttlMs,
    deliverAtMs,
    deduplicationId,
    resent,
  };
}

/**
 * The same messages under another producer or sequence, for a resend that must not be taken for the first one. The
 * records are shared, not copied.
 */
export function withProducer(batch: Batch, producerId: Uint8Array, sequence: number): Batch {
  const header = { ...batch.header, producerId, sequence };
  return { header, headerBytes: encodeBatchHeader(header), records: batch.records };
}

/** The same batch, marked as one that may have been stored before. The records are shared, not copied. */
export function markResent(batch: Batch): Batch {
  if (batch.header.resent) return batch;
  const header = { ...batch.header, resent: true };
  return { header, headerBytes: encodeBatchHeader(header), records: batch.records };
}
