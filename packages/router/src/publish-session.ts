import { type Batch, ChappeError, checkBatch, decodePublishRequest, type PublishResultFrame } from "@chappe/message";
import type { Durability } from "@chappe/broker";
import { AnswerOrder, type Place } from "./answer-order.ts";
import { toFrameError } from "./grpc-status.ts";
import { PublishOutbox } from "./publish-outbox.ts";
import type { FrameStream, Session, SessionContext, SessionState } from "./session.ts";
import { StreamWriter } from "./stream-writer.ts";

/** Reading stops while more than this waits for the broker. A client's usual window of batches is far below. */
const MAX_UNANSWERED_BYTES = 8 * 1_048_576;

/**
 * Reading stops while more batches than this are unanswered, or answered and not read by the client. One frame may hold
 * as many.
 */
const MAX_UNANSWERED_BATCHES = 4_096;

/** `status`: what the stream ends with when all is answered; undefined is OK. */
type State = SessionState<object, { readonly status: ChappeError | undefined }>;

/** One Publish stream: hands batches to the broker as they come, and answers each. */
export class PublishSession implements Session {
  readonly peer: string;
  readonly gone: Promise<void>;
  readonly #call: FrameStream;
  readonly #context: SessionContext;
  readonly #outbox = new PublishOutbox();
  readonly #writer: StreamWriter;
  readonly #order: AnswerOrder<PublishResultFrame>;
  #state: State = { kind: "active" };
  /** Batches the broker has not answered. */
  #openBatches = 0;
  #openBytes = 0;

  constructor(call: FrameStream, context: SessionContext) {
    this.peer = call.getPeer();
    this.#call = call;
    this.#context = context;
    this.#writer = new StreamWriter(call, () => this.#takeFrame());
    this.#order = new AnswerOrder((result) => this.#outbox.add(result));
    this.gone = new Promise((resolve) => call.once("close", resolve));
    call.on("data", (frame: Buffer) => this.#receive(frame));
    call.on("end", () => this.#finish(undefined));
    call.on("cancelled", () => this.#break());
    call.once("close", () => this.#break());
  }

  drain(): void {
    this.#finish(new ChappeError("UNAVAILABLE", "this router is about to stop: publish through another"));
  }

  noteInterruption(): void {
    if (this.#state.kind === "closed") return;
    this.#outbox.noteInterruption();
    this.#writer.wake();
  }

  close(error: ChappeError): void {
    this.#state = { kind: "closed" };
    this.#writer.end(error);
  }

  #receive(frame: Buffer): void {
    if (this.#state.kind !== "active") return;
    try {
      const { number, batches, durability } = decodePublishRequest(frame);
      for (const [index, batch] of batches.entries()) this.#publish(number, index, batch, durability);
    } catch (error) {
      this.#refuse(ChappeError.from(error));
    }
    if (this.#state.kind === "active" && this.#tooMuch(1)) this.#call.pause();
  }

  #publish(number: number, index: number, batch: Batch, durability: Durability): void {
    const bytes = batch.headerBytes.length + batch.records.length;
    const place = this.#order.enter(batch.header.producerId);
    this.#openBatches++;
    this.#openBytes += bytes;
    const refuse = (error: unknown): void => this.#answer(place, bytes, { number, index, error: toFrameError(error) });
    try {
      checkBatch(batch, this.#context.options);
      this.#context.broker
        .publish(batch, { durability })
        .then((receipt) => this.#answer(place, bytes, { number, index, receipt }), refuse);
    } catch (error) {
      refuse(error);
    }
  }

  #answer(place: Place<PublishResultFrame>, bytes: number, result: PublishResultFrame): void {
    this.#openBatches--;
    this.#openBytes -= bytes;
    if (this.#state.kind === "closed") return;
    this.#order.answer(place, result);
    this.#writer.wake();
    this.#endWhenAnswered();
  }

  #takeFrame(): Buffer | undefined {
    const frame = this.#outbox.take();
    if (frame !== undefined) this.#readOn();
    return frame;
  }

  /** Whether a share of what a client may leave unanswered is used up. Answers count until the client takes them. */
  #tooMuch(share: number): boolean {
    return (
      this.#openBytes > MAX_UNANSWERED_BYTES * share ||
      this.#openBatches + this.#outbox.size > MAX_UNANSWERED_BATCHES * share
    );
  }

  #readOn(): void {
    // Half, so that a client at the limit is not stopped and started with every batch.
    if (this.#call.isPaused() && this.#state.kind === "active" && !this.#tooMuch(0.5)) this.#call.resume();
  }

  #refuse(error: ChappeError): void {
    this.#context.onEvent({ kind: "stream-refused", method: "Publish", peer: this.peer, error });
    this.#finish(error);
  }

  /** Takes no more batches, and ends the stream once those that came are answered. */
  #finish(status: ChappeError | undefined): void {
    if (this.#state.kind !== "active") return;
    this.#state = { kind: "draining", status };
    this.#call.pause();
    this.#endWhenAnswered();
  }

  #endWhenAnswered(): void {
    if (this.#state.kind !== "draining" || this.#openBatches > 0) return;
    const { status } = this.#state;
    this.#state = { kind: "closed" };
    this.#writer.end(status);
  }

  #break(): void {
    this.#state = { kind: "closed" };
    this.#writer.stop();
  }
}
