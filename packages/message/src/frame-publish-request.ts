import type { Batch } from "./batch.ts";
import { decodeBatchHeader } from "./batch-header-codec.ts";
import { ChappeError } from "./chappe-error.ts";
import { type Durability, durabilityNumbers, durabilityOf } from "./durability.ts";
import { MAX_FRAME_BATCHES } from "./limits.ts";
import { varintBytes } from "./varint.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.PublishRequest`: batches, each answered with this number and its index. */
export interface PublishRequestFrame {
  readonly number: number;
  /** At most 4,096, and 4 MiB all together. */
  readonly batches: readonly Batch[];
  /** For all batches of the frame. */
  readonly durability: Durability;
}

const NO_BYTES: Buffer = Buffer.alloc(0);
/** The frame's own fields: number, durability and replicas. */
const FRAME_BYTES = 32;
/** What stands around one batch: three tags, three lengths, and the writer's margin. */
const BATCH_FRAMING_BYTES = 32;

/**
 * Serializes a publish frame; the batches' bytes are copied once.
 *
 * @throws ChappeError INVALID_ARGUMENT for more than 4,096 batches
 */
export function encodePublishRequest(frame: PublishRequestFrame): Buffer {
  if (frame.batches.length > MAX_FRAME_BATCHES) throw tooManyBatches();
  let capacity = FRAME_BYTES;
  for (const batch of frame.batches) {
    capacity += batch.headerBytes.length + batch.records.length + BATCH_FRAMING_BYTES;
  }
  const writer = new WireWriter(capacity);
  writer.uint64(1, frame.number);
  for (const { headerBytes, records } of frame.batches) {
    const bytes = embeddedBytes(headerBytes.length) + (records.length === 0 ? 0 : embeddedBytes(records.length));
    const start = writer.open(2, bytes);
    writer.presentBytes(1, headerBytes);
    writer.bytes(2, records);
    writer.close(start, bytes);
  }
  const { level, replicas } = durabilityNumbers(frame.durability);
  writer.uint32(3, level);
  writer.uint32(4, replicas);
  return writer.finish();
}

/**
 * Reads a publish frame. The batches' bytes are views on `bytes`; their headers are decoded, their records are not.
 *
 * @throws ChappeError INVALID_ARGUMENT for bytes that are none, for more than 4,096 batches, or for a batch without a
 * header; whether a batch is a good one is `checkBatch`'s business
 */
export function decodePublishRequest(bytes: Uint8Array): PublishRequestFrame {
  const reader = new WireReader(bytes, "publish request");
  const batches: Batch[] = [];
  let number = 0;
  let durability = 0;
  let replicas = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        number = reader.uint64();
        break;
      case (2 << 3) | LEN:
        if (batches.length === MAX_FRAME_BATCHES) throw tooManyBatches();
        batches.push(readBatch(reader.bytes(), batches.length));
        break;
      case (3 << 3) | VARINT:
        durability = reader.uint32();
        break;
      case (4 << 3) | VARINT:
        replicas = reader.uint32();
        break;
      default:
        reader.skip(tag);
    }
  }
  return { number, batches, durability: durabilityOf(durability, replicas) };
}

function readBatch(bytes: Uint8Array, index: number): Batch {
  const reader = new WireReader(bytes, "batch");
  let headerBytes = NO_BYTES;
  let records = NO_BYTES;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | LEN:
        headerBytes = reader.bytes();
        break;
      case (2 << 3) | LEN:
        records = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
  if (headerBytes.length === 0) {
    throw new ChappeError("INVALID_ARGUMENT", `batches[${index}] of the publish request has no header`);
  }
  return { header: decodeBatchHeader(headerBytes), headerBytes, records };
}

/** Length of a bytes field with its tag and length. */
function embeddedBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

function tooManyBatches(): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", `publish request: more than ${MAX_FRAME_BATCHES} batches`);
}
