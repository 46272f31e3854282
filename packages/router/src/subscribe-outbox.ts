import type { Delivery, RefusedOutcome, SubscriptionEvent } from "@chappe/broker";
import { encodeSubscribeResponse, type FrameOpened, type FrameSettled } from "@chappe/message";
import { toFrameError } from "./grpc-status.ts";

/** Deliveries in one frame: enough to make the cost of a frame small, and far from the 4 MiB that clients take. */
const MAX_FRAME_BYTES = 262_144;

/** Deliveries that wait here for their frame; the rest waits in the broker, where it can still be called back. */
const MAX_WAITING_BYTES = 2 * MAX_FRAME_BYTES;

/** Answers, and refusals in them, in one frame, and how many may wait. About 1 MiB. */
const MAX_ANSWERS = 8_192;

/** What waits to be told to a consumer. */
export class SubscribeOutbox {
  #opened: FrameOpened | undefined;
  #deliveries: Delivery[] = [];
  #bytes = 0;
  #settled: FrameSettled[] = [];
  #answers = 0;
  #draining = false;
  #epoch: string | undefined;
  #revoked: number[] = [];
  #takenBytes = 0;

  /** So much waits that no more deliveries should be fetched. */
  get isFull(): boolean {
    return this.#bytes >= MAX_WAITING_BYTES;
  }

  /** So many answers wait that no more outcomes should be read. */
  get isBehind(): boolean {
    return this.#answers >= MAX_ANSWERS;
  }

  /** Bytes of records in the frame that was taken last. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  open(opened: FrameOpened): void {
    this.#opened = opened;
  }

  /** The answer to the frame of outcomes with this number. */
  answer(number: number, refused: readonly RefusedOutcome[]): void {
    this.#answers += 1 + refused.length;
    this.#settled.push({
      number,
      refused: refused.map(({ outcome: { delivery, first, count }, error }) => ({
        delivery,
        first,
        count,
        error: toFrameError(error),
      })),
    });
  }

  announceDrain(): void {
    this.#draining = true;
  }

  add(event: SubscriptionEvent): void {
    switch (event.kind) {
      case "delivery":
        this.#deliveries.push(event.delivery);
        this.#bytes += event.delivery.records.length;
        break;
      case "revoked":
        this.#revoked.push(...event.deliveries);
        break;
      case "epoch":
        this.#epoch = event.epoch;
        break;
    }
  }

  /** Forgets the deliveries that wait: they are the consumer's no longer. */
  dropDeliveries(): void {
    this.#deliveries = [];
    this.#bytes = 0;
  }

  /** The next frame; undefined when there is nothing to say. */
  take(): Buffer | undefined {
    if (this.#isEmpty) return undefined;
    const frame = encodeSubscribeResponse({
      opened: this.#opened,
      deliveries: this.#takeDeliveries(),
      settled: this.#takeSettled(),
      draining: this.#draining,
      epoch: this.#epoch,
      revoked: this.#revoked,
    });
    this.#opened = undefined;
    this.#draining = false;
    this.#epoch = undefined;
    this.#revoked = [];
    return frame;
  }

  get #isEmpty(): boolean {
    return (
      this.#deliveries.length === 0 &&
      this.#settled.length === 0 &&
      this.#revoked.length === 0 &&
      this.#opened === undefined &&
      this.#epoch === undefined &&
      !this.#draining
    );
  }

  #takeDeliveries(): Delivery[] {
    let bytes = 0;
    let count = 0;
    for (const { records } of this.#deliveries) {
      if (count > 0 && bytes + records.length > MAX_FRAME_BYTES) break;
      bytes += records.length;
      count++;
    }
    this.#bytes -= bytes;
    this.#takenBytes = bytes;
    return this.#deliveries.splice(0, count);
  }

  #takeSettled(): FrameSettled[] {
    let answers = 0;
    let count = 0;
    for (const { refused } of this.#settled) {
      if (count > 0 && answers + 1 + refused.length > MAX_ANSWERS) break;
      answers += 1 + refused.length;
      count++;
    }
    this.#answers -= answers;
    return this.#settled.splice(0, count);
  }
}
