import type { ServerResponse } from "node:http";
import type { Delivery, Outcome, RefusedOutcome, Subscription } from "@chappe/broker";
import { ChappeError, decodeBatchHeader, MAX_RECORD_OVERHEAD_BYTES, readMessages } from "@chappe/message";
import { answerWithin } from "./answer-within.ts";
import { deliveryToken } from "./delivery-token.ts";
import type { HttpContext } from "./http-context.ts";
import type { HttpConsumerName } from "./http-router-event.ts";
import { messageEvent } from "./message-event.ts";
import { problemOf } from "./problem.ts";
import { COMMENT, serverSentEvent } from "./server-sent-event.ts";

/** What the broker may fetch ahead for one consumer. Messages that wait for a slow reader wait in the store beyond that. */
const MIN_WINDOW_BYTES = 4 * 1_048_576;

/** A client that lost its stream waits so long before it connects again. */
const RECONNECT_MS = 1_000;

/**
 * What a stream says last has this long to leave. A client that does not read would keep the stream, and what waits for it
 * in memory, for as long as its connection lasts.
 */
export const LAST_BYTES_MS = 1_000;

/** A consumer that says goodbye waits no longer than this for a store that is away. */
const GIVING_BACK_MS = 2_000;

/** What a stream was asked for. */
export interface ReceiveStreamOptions {
  /** See `StreamRegistry.newId`. */
  readonly id: string;
  readonly name: HttpConsumerName;
  /** How many messages may be unsettled at a time. */
  readonly credit: number;
  readonly leaseMs: number;
}

/**
 * Where a stream stands.
 *
 * - `active`: all works. → `draining` when the router drains; → `closed` when the client says goodbye or breaks off, when its
 *   lease is over, or the router closes.
 * - `draining`: nothing more is handed out; what is held can be settled. → `closed` when it is, or its time is over.
 * - `closed`: holds nothing of the broker's any more. The last event may still be on its way.
 */
type State = "active" | "draining" | "closed";

/** One stream of server-sent events: a consumer of the broker's, at the other end of a connection. */
export class ReceiveStream {
  readonly id: string;
  readonly name: HttpConsumerName;
  /** Resolves when nothing of the stream is left. */
  readonly gone: Promise<void>;
  readonly #response: ServerResponse;
  readonly #subscription: Subscription;
  readonly #context: HttpContext;
  readonly #heartbeat: NodeJS.Timeout;
  /** Deliveries with messages that have no outcome yet: how many they had, and how many are left. */
  readonly #unsettled = new Map<number, { readonly count: number; left: number }>();
  readonly #leaseMs: number;
  #state: State = "active";
  #lastSignMs = performance.now();
  #wroteSinceBeat = false;
  #breaking: NodeJS.Timeout | undefined;
  #goodbye: Promise<void> | undefined;

  /** Begins to deliver. @param response what nobody has written to yet */
  constructor(
    response: ServerResponse,
    subscription: Subscription,
    { id, name, credit, leaseMs }: ReceiveStreamOptions,
    context: HttpContext,
  ) {
    const { heartbeatMs, maxAttempts, maxMessageBytes } = context.options;
    this.id = id;
    this.name = name;
    this.#response = response;
    this.#subscription = subscription;
    this.#context = context;
    this.#leaseMs = leaseMs;
    // A goodbye can be repeated until it is answered.
    this.gone = new Promise<void>((resolve) => response.once("close", () => resolve())).then(() =>
      this.#goodbye?.catch(() => {}),
    );
    response.once("close", () => {
      this.#leave("crashed")?.crash();
      clearTimeout(this.#breaking);
    });
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // What a stream leaves behind is not worth keeping, and would hold up the end of a router.
      connection: "close",
      // nginx would hold events back.
      "x-accel-buffering": "no",
    });
    const { epoch, resumed } = subscription;
    const terms = { stream: id, epoch, resumed, credit, leaseMs, heartbeatMs, maxAttempts };
    this.#write(serverSentEvent("opened", terms, RECONNECT_MS));
    this.#heartbeat = setInterval(() => this.#beat(), Math.min(heartbeatMs, Math.floor(leaseMs / 3))).unref();
    context.onEvent({ kind: "consumer-joined", ...name });
    // Twice the largest message, so that one always fits what is left of a half-used window.
    const windowBytes = Math.max(MIN_WINDOW_BYTES, 2 * (maxMessageBytes + MAX_RECORD_OVERHEAD_BYTES));
    subscription.grant({ messages: credit, bytes: windowBytes });
    void this.#deliver();
  }

  /** Applies outcomes; each is a sign of life. Returns those that did not count. */
  settle(outcomes: readonly Outcome[]): readonly RefusedOutcome[] {
    if (this.#state === "closed") {
      const error = this.#isClosing();
      return outcomes.map((outcome) => ({ outcome, error }));
    }
    this.renew();
    const refused = this.#subscription.settle(outcomes);
    const without = new Set(refused.map(({ outcome }) => outcome));
    let settled = 0;
    for (const outcome of outcomes) {
      if (without.has(outcome)) continue;
      settled += outcome.count;
      this.#forget(outcome.delivery, outcome.count);
    }
    this.#giveCredit(settled, 0);
    return refused;
  }

  /** A sign of life: keeps the lease. */
  renew(): void {
    this.#lastSignMs = performance.now();
  }

  /**
   * The client is done: ends the stream, and gives back what it has not settled, uncounted. Resolves when the store has it;
   * who asks again meanwhile gets the same answer.
   *
   * @throws ChappeError UNAVAILABLE when the store does not answer in time: giving back goes on; FAILED_PRECONDITION when
   * the stream had ended for another reason
   */
  leave(): Promise<void> {
    this.#goodbye ??= this.#sayGoodbye();
    return this.#goodbye;
  }

  /** The router is about to stop: asks the client to go elsewhere, and lets it settle what it holds. */
  drain(): void {
    if (this.#state !== "active") return;
    this.#state = "draining";
    this.#subscription.drain();
    this.#write(serverSentEvent("draining", { drainMs: this.#context.options.drainMs }));
    this.#endIfDone();
  }

  /** Gives back what is held and ends the stream with `error`. */
  close(error: ChappeError): void {
    const subscription = this.#leave("closed");
    if (subscription === undefined) return;
    // Giving back must not be waited for here: the store may be the reason why the router closes.
    subscription.close().catch(() => {});
    this.#endWith(error);
  }

  /** Breaks the connection of a client that does not read. */
  destroy(): void {
    this.#response.destroy();
  }

  async #sayGoodbye(): Promise<void> {
    const subscription = this.#leave("closed");
    if (subscription === undefined) throw this.#isClosing();
    this.#endWith(new ChappeError("CANCELLED", "its consumer said goodbye"));
    await answerWithin(subscription.close(), GIVING_BACK_MS, "the store did not take what was given back");
  }

  #isClosing(): ChappeError {
    return new ChappeError("FAILED_PRECONDITION", `stream ${this.id} is closing`);
  }

  /** Fetches what the broker hands out, as fast as the client reads. */
  async #deliver(): Promise<void> {
    try {
      for await (const event of this.#subscription) {
        if (this.#state === "closed") return;
        switch (event.kind) {
          case "delivery":
            this.#tell(event.delivery);
            if (this.#response.writableNeedDrain) await this.#drained();
            this.#giveCredit(0, event.delivery.records.length);
            break;
          case "revoked":
            this.#revoke(event.deliveries);
            break;
          case "epoch":
            this.#write(serverSentEvent("epoch", { epoch: event.epoch }));
            break;
        }
      }
      this.close(new ChappeError("UNAVAILABLE", "the broker is closing: subscribe through another router"));
    } catch (error) {
      // The broker has let go of the consumer already.
      if (this.#leave("crashed") !== undefined) this.#endWith(ChappeError.from(error));
    }
  }

  #tell(delivery: Delivery): void {
    const { number, attempt, headerBytes, records, first, count } = delivery;
    if (this.#unsettled.size === 0) this.renew();
    this.#unsettled.set(number, { count, left: count });
    let text = "";
    const unreadable: Outcome[] = [];
    const refuse = (index: number, messages: number, thrown: unknown): void => {
      const error = ChappeError.from(thrown);
      const outcome = { delivery: number, first: index, count: messages };
      unreadable.push({ ...outcome, kind: "reject", reason: `cannot be read: ${error.message}` });
      this.#context.onEvent({ kind: "message-unreadable", error, ...this.name });
    };
    try {
      const header = decodeBatchHeader(headerBytes);
      const redelivered = delivery.redelivered || header.resent;
      const messages = readMessages({ header, records, first, count });
      messages.forEach((message, index) => {
        try {
          const token = deliveryToken({ stream: this.id, delivery: number, index });
          text += serverSentEvent("", messageEvent(message, { delivery: token, attempt, redelivered }));
        } catch (error) {
          refuse(index, 1, error);
        }
      });
    } catch (error) {
      refuse(0, count, error);
    }
    if (text !== "") this.#write(text);
    if (unreadable.length > 0) this.settle(unreadable);
  }

  #revoke(numbers: readonly number[]): void {
    let messages = 0;
    const deliveries: string[] = [];
    for (const delivery of numbers) {
      const { count, left } = this.#unsettled.get(delivery) ?? { count: 0, left: 0 };
      this.#unsettled.delete(delivery);
      messages += left;
      for (let index = 0; index < count; index++) deliveries.push(deliveryToken({ stream: this.id, delivery, index }));
    }
    this.#write(serverSentEvent("revoked", { deliveries }));
    this.#giveCredit(messages, 0);
    this.#endIfDone();
  }

  #forget(delivery: number, count: number): void {
    const held = this.#unsettled.get(delivery);
    if (held === undefined) return;
    held.left -= count;
    if (held.left === 0) this.#unsettled.delete(delivery);
    this.#endIfDone();
  }

  #giveCredit(messages: number, bytes: number): void {
    if (this.#state === "active" && messages + bytes > 0) this.#subscription.grant({ messages, bytes });
  }

  #endIfDone(): void {
    if (this.#state === "draining" && this.#unsettled.size === 0) {
      this.close(new ChappeError("UNAVAILABLE", "this router is about to stop: go to another"));
    }
  }

  #write(text: string): void {
    this.#wroteSinceBeat = true;
    this.#response.write(text);
  }

  /**
   * Who holds nothing need not say anything: an open connection is enough. Who holds messages must settle or renew; the
   * connection of a machine that is gone stays open for long. The broker's own lease would be kept by each grant.
   */
  #beat(): void {
    const { writableNeedDrain } = this.#response;
    if (this.#unsettled.size === 0 && !writableNeedDrain) this.renew();
    if (performance.now() - this.#lastSignMs > this.#leaseMs) return this.#endLease();
    if (!this.#wroteSinceBeat && !writableNeedDrain) this.#response.write(COMMENT);
    this.#wroteSinceBeat = false;
  }

  #endLease(): void {
    const { consumer } = this.name;
    this.#leave("crashed")?.crash();
    this.#endWith(
      new ChappeError("ABORTED", `consumer ${consumer}: no sign of life for ${this.#leaseMs} ms, its lease is over`),
    );
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#response.off("drain", done).off("close", done);
        resolve();
      };
      this.#response.on("drain", done).on("close", done);
    });
  }

  #endWith(error: ChappeError): void {
    this.#response.end(serverSentEvent("closed", problemOf(error)));
  }

  /** Goes to `closed`. Returns the subscription for the caller to end; undefined when it was closed before. */
  #leave(how: "closed" | "crashed"): Subscription | undefined {
    if (this.#state === "closed") return undefined;
    this.#state = "closed";
    clearInterval(this.#heartbeat);
    this.#breaking = setTimeout(() => this.destroy(), LAST_BYTES_MS).unref();
    this.#context.onEvent({ kind: "consumer-left", how, ...this.name });
    return this.#subscription;
  }
}
