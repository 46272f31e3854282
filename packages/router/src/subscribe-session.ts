import type { RefusedOutcome, Subscription } from "@chappe/broker";
import {
  ChappeError,
  decodeSubscribeRequest,
  MAX_RECORD_OVERHEAD_BYTES,
  type ReceivedSubscribeRequest,
} from "@chappe/message";
import { CreditWindow } from "./credit-window.ts";
import type { ConsumerName } from "./router-event.ts";
import type { FrameStream, Session, SessionContext, SessionState } from "./session.ts";
import { StreamWriter } from "./stream-writer.ts";
import { checkSubscribeRequest } from "./subscribe-check.ts";
import { SubscribeOutbox } from "./subscribe-outbox.ts";

/** What the broker may fetch ahead for one consumer: a few round trips to the store at full speed. */
const MIN_WINDOW_BYTES = 4 * 1_048_576;

/**
 * A client of grpc-js that cancels half-closes first, and its reset follows in the next packet. Only when none has followed
 * is a half-close one.
 */
const RESET_MS = 20;

type State = SessionState<{ readonly subscription: Subscription; readonly name: ConsumerName }>;

/** One Subscribe stream: a consumer of the broker's, at the other end of a connection. */
export class SubscribeSession implements Session {
  readonly peer: string;
  readonly gone: Promise<void>;
  readonly #call: FrameStream;
  readonly #context: SessionContext;
  readonly #outbox = new SubscribeOutbox();
  readonly #writer: StreamWriter;
  readonly #window: CreditWindow;
  readonly #openTimer: NodeJS.Timeout;
  #state: State = { kind: "opening" };
  /** Lets the fetching of deliveries go on. */
  #onRoom: (() => void) | undefined;

  constructor(call: FrameStream, context: SessionContext) {
    const { leaseMs, maxMessageBytes } = context.options;
    this.peer = call.getPeer();
    this.#call = call;
    this.#context = context;
    this.#writer = new StreamWriter(call, () => this.#takeFrame());
    // Twice the largest message, so that one always fits what is left of a half-used window.
    this.#window = new CreditWindow(Math.max(MIN_WINDOW_BYTES, 2 * (maxMessageBytes + MAX_RECORD_OVERHEAD_BYTES)));
    this.#openTimer = setTimeout(() => {
      this.#refuse(new ChappeError("DEADLINE_EXCEEDED", `no first frame within ${leaseMs} ms`));
    }, leaseMs).unref();
    this.gone = new Promise((resolve) => call.once("close", resolve));
    call.on("data", (frame: Buffer) => this.#receive(frame));
    call.on("end", () => this.#ended());
    call.on("cancelled", () => this.#break());
    call.once("close", () => this.#break());
  }

  drain(): void {
    switch (this.#state.kind) {
      case "opening":
        this.close(new ChappeError("UNAVAILABLE", "this router is about to stop: subscribe through another"));
        break;
      case "active":
        this.#state = { ...this.#state, kind: "draining" };
        this.#state.subscription.drain();
        this.#outbox.announceDrain();
        this.#writer.wake();
        break;
      case "draining":
      case "closed":
        break;
    }
  }

  close(error: ChappeError): void {
    // Giving back must not be waited for here: the store may be the reason why the router closes.
    this.#leave("closed")
      ?.close()
      .catch(() => {});
    this.#writer.end(error);
  }

  #receive(frame: Buffer): void {
    const state = this.#state;
    if (state.kind === "closed") return;
    try {
      const request = decodeSubscribeRequest(frame);
      checkSubscribeRequest(request, state.kind === "opening");
      if (state.kind === "opening") void this.#open(request);
      else this.#apply(state.subscription, request);
    } catch (error) {
      this.#refuse(ChappeError.from(error));
    }
  }

  async #open(request: ReceivedSubscribeRequest): Promise<void> {
    clearTimeout(this.#openTimer);
    this.#call.pause();
    const { broker, options, onEvent } = this.#context;
    const { leaseMs, heartbeatMs, maxAttempts } = options;
    const { subscription: subscriptionName, ...open } = request.open!;
    const { address, consumer } = open;
    try {
      const subscription = await broker.subscribe({ ...open, subscription: subscriptionName, leaseMs });
      if (this.#state.kind !== "opening") {
        await subscription.close();
        return;
      }
      const name = { peer: this.peer, address, subscription: subscriptionName, consumer };
      this.#state = { kind: "active", subscription, name };
      onEvent({ kind: "consumer-joined", ...name });
      const { epoch, resumed } = subscription;
      this.#outbox.open({ epoch, leaseMs, heartbeatMs, maxAttempts, resumed });
      this.#writer.wake();
      this.#writer.startHeartbeat(heartbeatMs);
      this.#apply(subscription, request);
      this.#call.resume();
      await this.#deliver(subscription);
    } catch (error) {
      this.#refuse(ChappeError.from(error));
    }
  }

  #apply(subscription: Subscription, { credit, number, outcomes, draining, begun }: ReceivedSubscribeRequest): void {
    subscription.renew();
    if (credit !== undefined) {
      subscription.grant({ messages: credit.messages, bytes: this.#window.grant(credit.bytes) });
    }
    const refused = outcomes.length > 0 ? subscription.settle(outcomes) : [];
    if (draining) subscription.drain();
    if (begun.length > 0) subscription.begin(begun);
    const isAwaited = number > 0 && outcomes.length + begun.length > 0;
    if (isAwaited || refused.length > 0) this.#answer(number, refused);
  }

  #answer(number: number, refused: readonly RefusedOutcome[]): void {
    this.#outbox.answer(number, refused);
    this.#writer.wake();
    if (this.#outbox.isBehind) this.#call.pause();
  }

  /** Fetches what the broker hands out, as fast as the consumer takes it. */
  async #deliver(subscription: Subscription): Promise<void> {
    for await (const event of subscription) {
      if (this.#state.kind === "closed") return;
      this.#outbox.add(event);
      this.#writer.wake();
      if (this.#outbox.isFull) await new Promise<void>((resolve) => (this.#onRoom = resolve));
    }
    if (this.#state.kind === "closed") return;
    this.close(new ChappeError("UNAVAILABLE", "the broker is closing: subscribe through another router"));
  }

  #takeFrame(): Buffer | undefined {
    const frame = this.#outbox.take();
    if (frame === undefined || this.#state.kind === "opening" || this.#state.kind === "closed") return frame;
    const bytes = this.#window.sent(this.#outbox.takenBytes);
    if (bytes > 0) this.#state.subscription.grant({ messages: 0, bytes });
    if (!this.#outbox.isFull) this.#onRoom?.();
    if (!this.#outbox.isBehind) this.#call.resume();
    return frame;
  }

  /** A stream that was half-closed ends like this, and so does one that is about to be said to be cancelled. */
  #ended(): void {
    if (this.#state.kind === "active" || this.#state.kind === "draining") this.#state.subscription.drain();
    setTimeout(() => this.#halfClose(), RESET_MS);
  }

  #halfClose(): void {
    if (this.#state.kind === "closed") return;
    if (this.#state.kind === "opening") {
      this.#refuse(new ChappeError("INVALID_ARGUMENT", "the stream was half-closed before its first frame"));
      return;
    }
    this.#leave("closed")
      ?.close()
      .then(
        () => this.#writer.end(),
        (error: unknown) => this.#writer.end(ChappeError.from(error)),
      );
  }

  /** Ends the stream for a reason on its side: what a consumer holds that breaks the protocol counts as crashed. */
  #refuse(error: ChappeError): void {
    if (this.#state.kind === "closed") return;
    this.#context.onEvent({ kind: "stream-refused", method: "Subscribe", peer: this.peer, error });
    this.#leave("crashed")?.crash();
    this.#writer.end(error);
  }

  #break(): void {
    this.#leave("crashed")?.crash();
    this.#writer.stop();
  }

  /** Goes to `closed`. Returns the subscription, if there was one, for the caller to end. */
  #leave(how: "closed" | "crashed"): Subscription | undefined {
    const state = this.#state;
    this.#state = { kind: "closed" };
    clearTimeout(this.#openTimer);
    this.#outbox.dropDeliveries();
    this.#onRoom?.();
    if (state.kind !== "active" && state.kind !== "draining") return undefined;
    this.#context.onEvent({ kind: "consumer-left", how, ...state.name });
    return state.subscription;
  }
}
