import { type FrameOpen, readOpen, writeOpen } from "./frame-open.ts";
import { type FrameOutcome, readOutcome, writeOutcome } from "./frame-outcome.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.Credit`: added to what is left of earlier credit. */
export interface FrameCredit {
  readonly messages: number;
  /** Counted as the length of the serialized records. */
  readonly bytes: number;
}

/** What to put into a `chappe.v1.SubscribeRequest`. All parts may be left out: then it says "I am alive". */
export interface SubscribeRequestFrame {
  /** In the first frame, and only there. */
  readonly open?: FrameOpen | undefined;
  readonly credit?: FrameCredit | undefined;
  /** Of the outcomes and of what is begun, echoed in the answer. 0 where nobody waits for it. @default 0 */
  readonly number?: number | undefined;
  readonly outcomes?: readonly FrameOutcome[] | undefined;
  /** The consumer takes no more deliveries. */
  readonly draining?: boolean | undefined;
  /** Numbers of deliveries of suspects on which the consumer begins. */
  readonly begun?: readonly number[] | undefined;
}

/** What stood in a `chappe.v1.SubscribeRequest`: what was left out has its default. */
export interface ReceivedSubscribeRequest {
  readonly open: Required<FrameOpen> | undefined;
  readonly credit: FrameCredit | undefined;
  readonly number: number;
  readonly outcomes: readonly FrameOutcome[];
  readonly draining: boolean;
  readonly begun: readonly number[];
}

const FRAME_BYTES = 64;
const TYPICAL_OUTCOME_BYTES = 32;
const CREDIT_BYTES = 8;

/** Serializes a frame of a consumer. @throws ChappeError INVALID_ARGUMENT for numbers that are not whole or negative */
export function encodeSubscribeRequest(frame: SubscribeRequestFrame): Buffer {
  const outcomes = frame.outcomes ?? [];
  const writer = new WireWriter(FRAME_BYTES + outcomes.length * TYPICAL_OUTCOME_BYTES);
  if (frame.open !== undefined) writeOpen(writer, 1, frame.open);
  if (frame.credit !== undefined) {
    const start = writer.open(2, CREDIT_BYTES);
    writer.uint32(1, frame.credit.messages);
    writer.uint64(2, frame.credit.bytes);
    writer.close(start, CREDIT_BYTES);
  }
  writer.uint64(3, frame.number ?? 0);
  for (const outcome of outcomes) writeOutcome(writer, 4, outcome);
  writer.bool(5, frame.draining ?? false);
  writer.packedUint64(6, frame.begun ?? []);
  return writer.finish();
}

/** Reads a frame of a consumer. @throws ChappeError INVALID_ARGUMENT for bytes that are none */
export function decodeSubscribeRequest(bytes: Uint8Array): ReceivedSubscribeRequest {
  const reader = new WireReader(bytes, "subscribe request");
  const outcomes: FrameOutcome[] = [];
  const begun: number[] = [];
  let open: Required<FrameOpen> | undefined;
  let credit: FrameCredit | undefined;
  let number = 0;
  let draining = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | LEN:
        open = readOpen(reader.bytes());
        break;
      case (2 << 3) | LEN:
        credit = readCredit(reader.bytes());
        break;
      case (3 << 3) | VARINT:
        number = reader.uint64();
        break;
      case (4 << 3) | LEN:
        outcomes.push(readOutcome(reader.bytes(), outcomes.length));
        break;
      case (5 << 3) | VARINT:
        draining = reader.bool();
        break;
      case (6 << 3) | LEN:
        reader.packedUint64(begun);
        break;
      case (6 << 3) | VARINT:
        begun.push(reader.uint64());
        break;
      default:
        reader.skip(tag);
    }
  }
  return { open, credit, number, outcomes, draining, begun };
}

function readCredit(bytes: Uint8Array): FrameCredit {
  const reader = new WireReader(bytes, "credit");
  let messages = 0;
  let grantedBytes = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        messages = reader.uint32();
        break;
      case (2 << 3) | VARINT:
        grantedBytes = reader.uint64();
        break;
      default:
        reader.skip(tag);
    }
  }
  return { messages, bytes: grantedBytes };
}
