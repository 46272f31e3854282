import { ChappeError } from "./chappe-error.ts";
import { type FrameError, readError, writeError } from "./frame-error.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.RefusedOutcome`: an outcome that did not count. */
export interface FrameRefusedOutcome {
  readonly delivery: number;
  readonly first: number;
  readonly count: number;
  readonly error: FrameError;
}

/** `chappe.v1.Settled`: the answer to one frame of outcomes. */
export interface FrameSettled {
  /** Of the subscribe request that held the outcomes. */
  readonly number: number;
  readonly refused: readonly FrameRefusedOutcome[];
}

const SETTLED_BYTES = 6;
const REFUSED_BYTES = 100;

/** Writes an answer as an embedded message. */
export function writeSettled(writer: WireWriter, field: number, settled: FrameSettled): void {
  const expectedBytes = SETTLED_BYTES + settled.refused.length * REFUSED_BYTES;
  const start = writer.open(field, expectedBytes);
  writer.uint64(1, settled.number);
  for (const refused of settled.refused) {
    const refusedStart = writer.open(2, REFUSED_BYTES);
    writer.uint64(1, refused.delivery);
    writer.uint32(2, refused.first);
    writer.uint32(3, refused.count);
    writeError(writer, 4, refused.error);
    writer.close(refusedStart, REFUSED_BYTES);
  }
  writer.close(start, expectedBytes);
}

/** Reads an embedded answer. @throws ChappeError INVALID_ARGUMENT for bytes that are none */
export function readSettled(bytes: Uint8Array): FrameSettled {
  const reader = new WireReader(bytes, "settled");
  const refused: FrameRefusedOutcome[] = [];
  let number = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        number = reader.uint64();
        break;
      case (2 << 3) | LEN:
        refused.push(readRefused(reader.bytes(), refused.length));
        break;
      default:
        reader.skip(tag);
    }
  }
  return { number, refused };
}

function readRefused(bytes: Uint8Array, index: number): FrameRefusedOutcome {
  const reader = new WireReader(bytes, "refused outcome");
  let delivery = 0;
  let first = 0;
  let count = 0;
  let error: FrameError | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        delivery = reader.uint64();
        break;
      case (2 << 3) | VARINT:
        first = reader.uint32();
        break;
      case (3 << 3) | VARINT:
        count = reader.uint32();
        break;
      case (4 << 3) | LEN:
        error = readError(reader.bytes());
        break;
      default:
        reader.skip(tag);
    }
  }
  if (error === undefined) {
    throw new ChappeError("INVALID_ARGUMENT", `refused[${index}] of settled has no error`);
  }
  return { delivery, first, count, error };
}
