import type { Delivery, RefusedOutcome, SubscriptionEvent } from "@chappe/broker";
import { encodeSubscribeResponse, type FrameOpened, type FrameSettled } from "@chappe/message";
import { toFrameError } from "./grpc-status.ts";

/** Deliveries in one frame: enough to make the cost of a frame small, and far from the 4 MiB that clients take. */
const MAX_FRAME_BYTES = 262_144;

/** Deliveries that wait here for their frame; the rest waits in the broker, where it can still be called back. */
const MAX_WAITING_BYTES = 2 * MAX_FRAME_BYTES;

/** Answers in one frame, and how much of them may wait. One may be larger, and still far from 4 MiB. */
const MAX_ANSWER_BYTES = 1_048_576;

/** An answer may hold thousands of refusals. */
const MAX_REFUSAL_CHARACTERS = 256;

/** What a refusal takes besides its text, and an answer besides its refusals; at least. */
const REFUSAL_BYTES = 32;

/** What waits to be told to a consumer. */
export class SubscribeOutbox {
  #opened: FrameOpened | undefined;
  #deliveries: Delivery[] = [];
  #bytes = 0;
  #answers: { readonly settled: FrameSettled; readonly bytes: number }[] = [];
  #answerBytes = 0;
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
    return this.#answerBytes >= MAX_ANSWER_BYTES;
  }

  /** Bytes of records in the frame that was taken last. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  open(opened: FrameOpened): void {
    this.#opened = opened;
  }

  /** The answer to the frame of outcomes, or of what is begun, with this number. */
  answer(number: number, refused: readonly RefusedOutcome[]): void {
    let bytes = REFUSAL_BYTES;
    const refusals = refused.map(({ outcome: { delivery, first, count }, error }) => {
      const frameError = toFrameError(error, MAX_REFUSAL_CHARACTERS);
      bytes += REFUSAL_BYTES + frameError.message.length;
      return { delivery, first, count, error: frameError };
    });
    this.#answers.push({ settled: { number, refused: refusals }, bytes });
    this.#answerBytes += bytes;
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
        for (const number of event.deliveries) this.#revoked.push(number);
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
      settled: this.#takeAnswers(),
      draining: this.#draining,
      epoch: this.#epoch,
      revoked: this.#takeRevoked(),
    });
    this.#opened = undefined;
    this.#draining = false;
    this.#epoch = undefined;
    return frame;
  }

  get #isEmpty(): boolean {
    return (
      this.#deliveries.length === 0 &&
      this.#answers.length === 0 &&
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

  /** Only of what has been sent: who is told before has nothing to give up, and handles what comes after. */
  #takeRevoked(): readonly number[] {
    // Nearly always there is none, and frames are many.
    if (this.#revoked.length === 0) return this.#revoked;
    const unsent = this.#deliveries[0]?.number ?? Number.POSITIVE_INFINITY;
    const revoked = this.#revoked.filter((number) => number < unsent);
    this.#revoked = this.#revoked.filter((number) => number >= unsent);
    return revoked;
  }

  #takeAnswers(): FrameSettled[] {
    let bytes = 0;
    let count = 0;
    for (const answer of this.#answers) {
      if (count > 0 && bytes + answer.bytes > MAX_ANSWER_BYTES) break;
      bytes += answer.bytes;
      count++;
    }
    this.#answerBytes -= bytes;
    return this.#answers.splice(0, count).map(({ settled }) => settled);
  }
}
