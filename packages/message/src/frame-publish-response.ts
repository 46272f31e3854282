import { ChappeError } from "./chappe-error.ts";
import { type Durability, durabilityNumbers, durabilityOf } from "./durability.ts";
import { type FrameError, readError, writeError } from "./frame-error.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.Receipt`: what storing a batch reached. */
export interface FrameReceipt {
  readonly durability: Durability;
  /** The batch had been stored before, and was not stored again. */
  readonly duplicate: boolean;
  /** Identity of the address's history. */
  readonly epoch: string;
  /** Id of the message that was stored before under the batch's deduplication id. */
  readonly originalId?: string | undefined;
}

/** `chappe.v1.PublishResult`: the answer to one batch. Exactly one of `receipt` and `error` is there. */
export interface PublishResultFrame {
  /** Of the publish request. */
  readonly number: number;
  /** Of the batch in that request. */
  readonly index: number;
  readonly receipt?: FrameReceipt | undefined;
  readonly error?: FrameError | undefined;
}

/** `chappe.v1.PublishResponse`: answers to batches. */
export interface PublishResponseFrame {
  readonly results: readonly PublishResultFrame[];
  /** The store was lost from sight, and may come back without what it acknowledged last. */
  readonly storeInterrupted?: boolean;
}

const TYPICAL_RESULT_BYTES = 64;
const RECEIPT_BYTES = 40;
const RESULT_BYTES = 60;

/** Serializes the answers to batches. */
export function encodePublishResponse(frame: PublishResponseFrame): Buffer {
  const writer = new WireWriter(frame.results.length * TYPICAL_RESULT_BYTES + TYPICAL_RESULT_BYTES);
  for (const { number, index, receipt, error } of frame.results) {
    const start = writer.open(1, RESULT_BYTES);
    writer.uint64(1, number);
    writer.uint32(2, index);
    if (error !== undefined) writeError(writer, 4, error);
    else if (receipt !== undefined) writeReceipt(writer, 3, receipt);
    writer.close(start, RESULT_BYTES);
  }
  writer.bool(2, frame.storeInterrupted ?? false);
  return writer.finish();
}

/** Reads the answers to batches. @throws ChappeError INVALID_ARGUMENT for bytes that are none */
export function decodePublishResponse(bytes: Uint8Array): PublishResponseFrame {
  const reader = new WireReader(bytes, "publish response");
  const results: PublishResultFrame[] = [];
  let storeInterrupted = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ((1 << 3) | LEN)) results.push(readResult(reader.bytes(), results.length));
    else if (tag === ((2 << 3) | VARINT)) storeInterrupted = reader.bool();
    else reader.skip(tag);
  }
  return { results, storeInterrupted };
}

function readResult(bytes: Uint8Array, at: number): PublishResultFrame {
  const reader = new WireReader(bytes, "publish result");
  let number = 0;
  let index = 0;
  let receipt: FrameReceipt | undefined;
  let error: FrameError | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        number = reader.uint64();
        break;
      case (2 << 3) | VARINT:
        index = reader.uint32();
        break;
      case (3 << 3) | LEN:
        receipt = readReceipt(reader.bytes());
        error = undefined;
        break;
      case (4 << 3) | LEN:
        error = readError(reader.bytes());
        receipt = undefined;
        break;
      default:
        reader.skip(tag);
    }
  }
  if (receipt === undefined && error === undefined) {
    throw new ChappeError("INVALID_ARGUMENT", `results[${at}] of the publish response has neither receipt nor error`);
  }
  return { number, index, receipt, error };
}

function writeReceipt(writer: WireWriter, field: number, receipt: FrameReceipt): void {
  const start = writer.open(field, RECEIPT_BYTES);
  const { level, replicas } = durabilityNumbers(receipt.durability);
  writer.uint32(1, level);
  writer.bool(2, receipt.duplicate);
  writer.string(3, receipt.epoch);
  if (receipt.originalId !== undefined) writer.string(4, receipt.originalId);
  writer.uint32(5, replicas);
  writer.close(start, RECEIPT_BYTES);
}

function readReceipt(bytes: Uint8Array): FrameReceipt {
  const reader = new WireReader(bytes, "receipt");
  let durability = 0;
  let duplicate = false;
  let epoch = "";
  let originalId: string | undefined;
  let replicas = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        durability = reader.uint32();
        break;
      case (2 << 3) | VARINT:
        duplicate = reader.bool();
        break;
      case (3 << 3) | LEN:
        epoch = reader.string();
        break;
      case (4 << 3) | LEN:
        originalId = reader.string() || undefined;
        break;
      case (5 << 3) | VARINT:
        replicas = reader.uint32();
        break;
      default:
        reader.skip(tag);
    }
  }
  return { durability: durabilityOf(durability, replicas), duplicate, epoch, originalId };
}
