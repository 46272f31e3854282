import { type FrameDelivery, readDelivery, writeDelivery } from "./frame-delivery.ts";
import { type FrameSettled, readSettled, writeSettled } from "./frame-settled.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.Opened`: the stream's terms. */
export interface FrameOpened {
  /** Identity of the address's history. */
  readonly epoch: string;
  /** A consumer that sends no frame for this long is taken for dead. */
  readonly leaseMs: number;
  /** An idle stream carries an empty frame this often. */
  readonly heartbeatMs: number;
  /** Attempts until a message goes to the dead letters. */
  readonly maxAttempts: number;
  /** Of a topic: the subscription was there already, and goes on where it stands. @default false */
  readonly resumed?: boolean;
}

/** What to put into a `chappe.v1.SubscribeResponse`. All parts may be left out: then it is a heartbeat. */
export interface SubscribeResponseFrame {
  /** In the first frame, and only there. */
  readonly opened?: FrameOpened | undefined;
  readonly deliveries?: readonly FrameDelivery[] | undefined;
  readonly settled?: readonly FrameSettled[] | undefined;
  /** The router is about to stop. */
  readonly draining?: boolean | undefined;
  /** The address's history was lost; this is the new one's identity. */
  readonly epoch?: string | undefined;
  /** Numbers of deliveries that are no longer this consumer's. */
  readonly revoked?: readonly number[] | undefined;
}

/** What stood in a `chappe.v1.SubscribeResponse`: what was left out has its default. */
export interface ReceivedSubscribeResponse {
  readonly opened: Required<FrameOpened> | undefined;
  readonly deliveries: readonly FrameDelivery[];
  readonly settled: readonly FrameSettled[];
  readonly draining: boolean;
  readonly epoch: string | undefined;
  readonly revoked: readonly number[];
}

const FRAME_BYTES = 128;
const DELIVERY_FRAMING_BYTES = 64;
const OPENED_BYTES = 48;

/** Serializes a frame of the router; the deliveries' bytes are copied once. */
export function encodeSubscribeResponse(frame: SubscribeResponseFrame): Buffer {
  const deliveries = frame.deliveries ?? [];
  let capacity = FRAME_BYTES;
  for (const delivery of deliveries) {
    capacity += delivery.headerBytes.length + delivery.records.length + DELIVERY_FRAMING_BYTES;
  }
  const writer = new WireWriter(capacity);
  if (frame.opened !== undefined) writeOpened(writer, 1, frame.opened);
  for (const delivery of deliveries) writeDelivery(writer, 2, delivery);
  for (const settled of frame.settled ?? []) writeSettled(writer, 3, settled);
  writer.bool(4, frame.draining ?? false);
  writer.string(5, frame.epoch ?? "");
  writer.packedUint64(6, frame.revoked ?? []);
  return writer.finish();
}

/**
 * Reads a frame of the router. The deliveries' bytes are views on `bytes`.
 *
 * @throws ChappeError INVALID_ARGUMENT for bytes that are none
 */
export function decodeSubscribeResponse(bytes: Uint8Array): ReceivedSubscribeResponse {
  const reader = new WireReader(bytes, "subscribe response");
  const deliveries: FrameDelivery[] = [];
  const settled: FrameSettled[] = [];
  const revoked: number[] = [];
  let opened: Required<FrameOpened> | undefined;
  let draining = false;
  let epoch = "";
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | LEN:
        opened = readOpened(reader.bytes());
        break;
      case (2 << 3) | LEN:
        deliveries.push(readDelivery(reader.bytes()));
        break;
      case (3 << 3) | LEN:
        settled.push(readSettled(reader.bytes()));
        break;
      case (4 << 3) | VARINT:
        draining = reader.bool();
        break;
      case (5 << 3) | LEN:
        epoch = reader.string();
        break;
      case (6 << 3) | LEN:
        reader.packedUint64(revoked);
        break;
      case (6 << 3) | VARINT:
        revoked.push(reader.uint64());
        break;
      default:
        reader.skip(tag);
    }
  }
  return { opened, deliveries, settled, draining, epoch: epoch === "" ? undefined : epoch, revoked };
}

function writeOpened(writer: WireWriter, field: number, opened: FrameOpened): void {
  const start = writer.open(field, OPENED_BYTES);
  writer.string(1, opened.epoch);
  writer.uint32(2, opened.leaseMs);
  writer.uint32(3, opened.heartbeatMs);
  writer.uint32(4, opened.maxAttempts);
  writer.bool(5, opened.resumed ?? false);
  writer.close(start, OPENED_BYTES);
}

function readOpened(bytes: Uint8Array): Required<FrameOpened> {
  const reader = new WireReader(bytes, "opened");
  let epoch = "";
  let leaseMs = 0;
  let heartbeatMs = 0;
  let maxAttempts = 0;
  let resumed = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | LEN:
        epoch = reader.string();
        break;
      case (2 << 3) | VARINT:
        leaseMs = reader.uint32();
        break;
      case (3 << 3) | VARINT:
        heartbeatMs = reader.uint32();
        break;
      case (4 << 3) | VARINT:
        maxAttempts = reader.uint32();
        break;
      case (5 << 3) | VARINT:
        resumed = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
  return { epoch, leaseMs, heartbeatMs, maxAttempts, resumed };
}
