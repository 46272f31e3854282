import { decodeBatchHeader, readMessages } from "@chappe/message";
import type { Delivery, Outcome, OutcomeKind, RefusedOutcome, Subscription } from "../broker.ts";

/** One message as a reader got it. */
export interface Received {
  readonly id: string;
  readonly sender: string;
  readonly text: string;
  readonly attempt: number;
  readonly redelivered: boolean;
  /** The delivery it came with, and its index there. */
  readonly delivery: number;
  readonly index: number;
}

/** Credit that never runs out in a case. */
export const PLENTY = { messages: 100_000, bytes: 1_000_000_000 };

/** Reads a subscription to its end and keeps all that it yields. */
export class Reader {
  readonly subscription: Subscription;
  readonly deliveries: Delivery[] = [];
  /** Messages of all deliveries, in order. */
  readonly messages: Received[] = [];
  readonly revoked: number[] = [];
  readonly epochs: string[] = [];
  /** Messages that have no outcome of this reader's yet. */
  readonly #open = new Set<Received>();
  /** Called with each message, when it arrives. */
  onMessage: ((message: Received) => void) | undefined;
  /** Called with the messages that were taken back without an outcome. */
  onRevoked: ((messages: readonly Received[]) => void) | undefined;
  /** How the iteration ended, once it has. */
  end: { readonly error?: unknown } | undefined;

  constructor(subscription: Subscription) {
    this.subscription = subscription;
    void this.#read();
  }

  /** Bodies of all messages, in order. */
  get texts(): string[] {
    return this.messages.map(({ text }) => text);
  }

  /** What was handed out and has no outcome of this reader's. */
  get open(): Received[] {
    return [...this.#open];
  }

  /** Grants credit; plenty, if not said otherwise. */
  grant(credit: Partial<typeof PLENTY> = {}): this {
    this.subscription.grant({ ...PLENTY, ...credit });
    return this;
  }

  /** Settles the open messages with these bodies. Returns what was refused. */
  settle(kind: OutcomeKind, texts: readonly string[], more: Partial<Outcome> = {}): readonly RefusedOutcome[] {
    return this.settleMessages(
      kind,
      texts.map((text) => this.#find(text)),
      more,
    );
  }

  /** Settles messages. Returns what was refused. */
  settleMessages(
    kind: OutcomeKind,
    messages: readonly Received[],
    more: Partial<Outcome> = {},
  ): readonly RefusedOutcome[] {
    for (const message of messages) this.#open.delete(message);
    return this.subscription.settle(
      messages.map(({ delivery, index }) => ({ delivery, first: index, count: 1, kind, ...more })),
    );
  }

  /** Acks everything open. */
  ackAll(): readonly RefusedOutcome[] {
    return this.settleMessages("ack", this.open);
  }

  /** Will not settle these. */
  forget(messages: readonly Received[]): void {
    for (const message of messages) this.#open.delete(message);
  }

  #find(text: string): Received {
    const found = this.open.findLast((message) => message.text === text);
    if (found === undefined)
      throw new Error(`"${text}" is not open here; open are: ${this.open.map((m) => m.text).join(", ")}`);
    return found;
  }

  async #read(): Promise<void> {
    try {
      for await (const event of this.subscription) {
        switch (event.kind) {
          case "delivery":
            this.#take(event.delivery);
            break;
          case "revoked":
            this.#revoke(event.deliveries);
            break;
          case "epoch":
            this.epochs.push(event.epoch);
            break;
        }
      }
      this.end = {};
    } catch (error) {
      this.end = { error };
    }
  }

  #revoke(deliveries: readonly number[]): void {
    this.revoked.push(...deliveries);
    this.onRevoked?.(this.open.filter(({ delivery }) => deliveries.includes(delivery)));
  }

  #take(delivery: Delivery): void {
    this.deliveries.push(delivery);
    const { number, attempt, redelivered, headerBytes, records, first, count } = delivery;
    const header = decodeBatchHeader(headerBytes);
    readMessages({ header, records, first, count }).forEach((message, index) => {
      const { id, sender } = message;
      const received = { id, sender, text: message.text(), attempt, redelivered, delivery: number, index };
      this.messages.push(received);
      this.#open.add(received);
      this.onMessage?.(received);
    });
  }
}
