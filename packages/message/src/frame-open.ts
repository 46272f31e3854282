import { ChappeError } from "./chappe-error.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** Where a subscription that does not exist yet begins. */
export type StartFrom = "latest" | "earliest";

/** `chappe.v1.Open`: which subscription a stream reads. */
export interface FrameOpen {
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Empty for a receiver's only one. */
  readonly subscription: string;
  /** Name of this consumer; the same across reconnects. */
  readonly consumer: string;
  /** @default "latest"; a receiver's queue always begins at the earliest message */
  readonly startFrom?: StartFrom;
  /** Of all consumers of the subscription one at a time is handed messages. @default false */
  readonly singleActive?: boolean;
}

const LATEST = 1;
const EARLIEST = 2;

/** Writes an open as an embedded message. */
export function writeOpen(writer: WireWriter, field: number, open: FrameOpen): void {
  const expectedBytes = open.address.length + open.subscription.length + open.consumer.length + 8;
  const start = writer.open(field, expectedBytes);
  writer.string(1, open.address);
  writer.string(2, open.subscription);
  writer.string(3, open.consumer);
  if (open.startFrom !== undefined) writer.uint32(4, open.startFrom === "earliest" ? EARLIEST : LATEST);
  if (open.singleActive === true) writer.uint32(8, 1);
  writer.close(start, expectedBytes);
}

/** Reads an embedded open. @throws ChappeError INVALID_ARGUMENT for bytes that are none, or an unknown start */
export function readOpen(bytes: Uint8Array): Required<FrameOpen> {
  const reader = new WireReader(bytes, "open");
  let address = "";
  let subscription = "";
  let consumer = "";
  let startFrom = 0;
  let singleActive = false;
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
      case (8 << 3) | VARINT:
        singleActive = reader.uint32() !== 0;
        break;
      default:
        reader.skip(tag);
    }
  }
  if (startFrom > EARLIEST) {
    throw new ChappeError("INVALID_ARGUMENT", `open: start_from ${startFrom} is not known; 0 to 2 are allowed`);
  }
  return { address, subscription, consumer, startFrom: startFrom === EARLIEST ? "earliest" : "latest", singleActive };
}
