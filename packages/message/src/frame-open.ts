import { ChappeError } from "./chappe-error.ts";
import { checkStartFrom, type StartFrom } from "./start-from.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.Open`: which subscription a stream reads. */
export interface FrameOpen {
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Empty for a receiver's only one. */
  readonly subscription: string;
  /** Name of this consumer; the same across reconnects. */
  readonly consumer: string;
  /** Where a subscription that does not exist yet begins. @default "latest"; a receiver's queue always begins at the earliest message */
  readonly startFrom?: StartFrom;
  /** Of all consumers of the subscription one at a time is handed messages. @default false */
  readonly singleActive?: boolean;
  /** The consumer says of each suspect when it begins on it; a crash before that does not count for it. @default false */
  readonly beginsSuspects?: boolean;
}

const LATEST = 1;
const EARLIEST = 2;

/** Writes an open as an embedded message. */
export function writeOpen(writer: WireWriter, field: number, open: FrameOpen): void {
  const expectedBytes = open.address.length + open.subscription.length + open.consumer.length + 48;
  const start = writer.open(field, expectedBytes);
  writer.string(1, open.address);
  writer.string(2, open.subscription);
  writer.string(3, open.consumer);
  writeStart(writer, open.startFrom);
  writer.bool(8, open.singleActive ?? false);
  writer.bool(9, open.beginsSuspects ?? false);
  writer.close(start, expectedBytes);
}

function writeStart(writer: WireWriter, startFrom: StartFrom | undefined): void {
  if (startFrom === undefined) return;
  if (typeof startFrom === "string") writer.uint32(4, startFrom === "earliest" ? EARLIEST : LATEST);
  else if ("timeMs" in startFrom) writer.uint64(5, startFrom.timeMs);
  else writer.string(6, startFrom.messageId);
}

/** Reads an embedded open. @throws ChappeError INVALID_ARGUMENT for bytes that are none, or a start that is none */
export function readOpen(bytes: Uint8Array): Required<FrameOpen> {
  const reader = new WireReader(bytes, "open");
  let address = "";
  let subscription = "";
  let consumer = "";
  let startFrom = 0;
  let singleActive = false;
  let beginsSuspects = false;
  let timeMs = 0;
  let messageId = "";
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | LEN:
        address = reader.string();
        break;
      case (2 << 3) | LEN:
        subscription = reader.string();
        break;
      case (3 << 3) | LEN:
        consumer = reader.string();
        break;
      case (4 << 3) | VARINT:
        startFrom = reader.uint32();
        break;
      case (5 << 3) | VARINT:
        timeMs = reader.uint64();
        break;
      case (6 << 3) | LEN:
        messageId = reader.string();
        break;
      case (8 << 3) | VARINT:
        singleActive = reader.bool();
        break;
      case (9 << 3) | VARINT:
        beginsSuspects = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
  if (startFrom > EARLIEST) {
    throw new ChappeError("INVALID_ARGUMENT", `open: start_from ${startFrom} is not known; 0 to 2 are allowed`);
  }
  const said = [startFrom !== 0, timeMs !== 0, messageId !== ""].filter(Boolean).length;
  if (said > 1) {
    const problem = "open: start_from, start_time_unix_ms and start_id are set; one of them is allowed";
    throw new ChappeError("INVALID_ARGUMENT", problem);
  }
  const named = startFrom === EARLIEST ? "earliest" : "latest";
  const start = messageId !== "" ? { messageId } : timeMs !== 0 ? { timeMs } : named;
  return { address, subscription, consumer, startFrom: checkStartFrom(start), singleActive, beginsSuspects };
}
