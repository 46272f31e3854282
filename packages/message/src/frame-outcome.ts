import { ChappeError } from "./chappe-error.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** The ways a delivery ends. */
export type OutcomeKind = "ack" | "release" | "fail" | "reject";

/** `chappe.v1.Outcome`: what became of consecutive messages of one delivery. */
export interface FrameOutcome {
  /** Number of the delivery. */
  readonly delivery: number;
  /** Index of the first message within the delivery. */
  readonly first: number;
  /** How many messages from there on, at least 1. */
  readonly count: number;
  readonly kind: OutcomeKind;
  /** For `fail`: when to retry, in milliseconds. Without it the router's backoff decides. */
  readonly delayMs?: number | undefined;
  /** For `fail` and `reject`: kept with the dead letter, at most 1 KiB. */
  readonly reason?: string | undefined;
}

const KINDS = ["ack", "release", "fail", "reject"] as const satisfies readonly OutcomeKind[];

/** Writes an outcome as an embedded message. */
export function writeOutcome(writer: WireWriter, field: number, outcome: FrameOutcome): void {
  const reason = outcome.reason ?? "";
  const expectedBytes = reason.length + 8;
  const start = writer.open(field, expectedBytes);
  writer.uint64(1, outcome.delivery);
  writer.uint32(2, outcome.first);
  writer.uint32(3, outcome.count);
  writer.uint32(4, KINDS.indexOf(outcome.kind) + 1);
  if (outcome.delayMs !== undefined) writer.presentUint64(5, outcome.delayMs);
  writer.string(6, reason);
  writer.close(start, expectedBytes);
}

/**
 * Reads an embedded outcome.
 *
 * @param index of the outcome in its frame, for errors
 * @throws ChappeError INVALID_ARGUMENT for bytes that are none, or an unknown kind
 */
export function readOutcome(bytes: Uint8Array, index: number): FrameOutcome {
  const reader = new WireReader(bytes, "outcome");
  let delivery = 0;
  let first = 0;
  let count = 0;
  let kindNumber = 0;
  let delayMs: number | undefined;
  let reason = "";
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
      case (4 << 3) | VARINT:
        kindNumber = reader.uint32();
        break;
      case (5 << 3) | VARINT:
        delayMs = reader.uint64();
        break;
      case (6 << 3) | LEN:
        reason = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
  const kind = KINDS[kindNumber - 1];
  if (kind === undefined) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `outcomes[${index}]: kind ${kindNumber} is not known; 1 to ${KINDS.length} are allowed`,
    );
  }
  return { delivery, first, count, kind, delayMs, reason: reason === "" ? undefined : reason };
}
