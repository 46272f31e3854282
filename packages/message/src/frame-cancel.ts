import { parseAddress } from "./address.ts";
import { VARINT, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.CancelRequest`: which delayed message is taken back. */
export interface CancelRequestFrame {
  readonly sender: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Of the message. */
  readonly id: string;
}

/** `chappe.v1.CancelResponse`. */
export interface CancelResponseFrame {
  /** Whether it was still waiting. */
  readonly cancelled: boolean;
}

const TYPICAL_REQUEST_BYTES = 128;

/** Serializes a request to take back a message. @throws ChappeError INVALID_ARGUMENT for what is no address */
export function encodeCancelRequest({ sender, address, id }: CancelRequestFrame): Buffer {
  const { kind, name } = parseAddress(address);
  const writer = new WireWriter(TYPICAL_REQUEST_BYTES);
  writer.string(1, sender);
  writer.presentString(kind === "receiver" ? 2 : 3, name);
  writer.string(4, id);
  return writer.finish();
}

/** Reads the answer. @throws ChappeError INVALID_ARGUMENT for bytes that are none */
export function decodeCancelResponse(bytes: Uint8Array): CancelResponseFrame {
  const reader = new WireReader(bytes, "cancel response");
  let cancelled = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ((1 << 3) | VARINT)) cancelled = reader.bool();
    else reader.skip(tag);
  }
  return { cancelled };
}
