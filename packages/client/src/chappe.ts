import { ChappeError, checkName, type Durability } from "@chappe/message";
import { Canceller } from "./canceller.ts";
import { systemClock } from "./clock.ts";
import type { ResolvedConnectOptions } from "./connect-options.ts";
import { type CloseOptions, DEFAULT_CLOSE_MS } from "./consumer-closing.ts";
import type { ConsumerParts } from "./consumer.ts";
import type { MessageHandler } from "./handler-pool.ts";
import { Handling } from "./handling.ts";
import { IdleTable } from "./idle-table.ts";
import { Publisher } from "./publisher.ts";
import {
  type HandleOptions,
  handlerConsumer,
  loopConsumer,
  type ReadTarget,
  type ReceiveOptions,
  receiverTarget,
  type TopicOptions,
  topicTarget,
} from "./receive-options.ts";
import { RouterPool } from "./router-pool.ts";
import { closedError } from "./send-errors.ts";
import { checkSenderOptions, Sender, type SenderOptions } from "./sender.ts";
import { Subscription } from "./subscription.ts";
import { SubscriptionRun } from "./subscription-run.ts";
import { programTurns } from "./suspect-turns.ts";
import { openGrpcChannel } from "./transport.ts";

/** Something that reads, and ends with the client. */
interface Reader {
  close(options: CloseOptions): Promise<void>;
}

/**
 * A client of Chappe. It connects when there is something to do, and stays connected until it is closed; then nothing of
 * it keeps the process alive.
 */
export class Chappe implements AsyncDisposable {
  readonly #options: ResolvedConnectOptions;
  readonly #parts: ConsumerParts;
  readonly #publisher: Publisher;
  readonly #canceller: Canceller;
  readonly #senders = new Map<Durability, IdleTable<Sender>>();
  readonly #readers = new Set<Reader>();
  #consumers = 0;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(options: ResolvedConnectOptions) {
    this.#options = options;
    const { routers, transport, reconnect, onStatus, publisher } = options;
    const pool = new RouterPool(routers, (router) => openGrpcChannel(router, transport), Math.random);
    this.#parts = { pool, clock: systemClock, reconnect, random: Math.random, onStatus, suspects: programTurns };
    this.#publisher = new Publisher(publisher, this.#parts);
    this.#canceller = new Canceller(this.#parts, publisher.sendTimeoutMs);
  }

  /**
   * Whoever sends under this id. The same for the same id and options, so asking again costs little.
   *
   * @throws ChappeError INVALID_ARGUMENT for an id outside the grammar of names, or an option that is not allowed
   */
  sender(id: string, options: SenderOptions = {}): Sender {
    const durability = checkSenderOptions(options);
    let senders = this.#senders.get(durability);
    if (senders === undefined) {
      senders = new IdleTable((senderId) => {
        checkName(senderId, "sender");
        return new Sender(senderId, this.#publisher, this.#canceller, durability);
      });
      this.#senders.set(durability, senders);
    }
    return senders.get(id);
  }

  /**
   * The messages to a receiver, for a loop.
   *
   * @throws ChappeError INVALID_ARGUMENT for an id outside the grammar of names, or an option that is not allowed
   */
  receiver(id: string, options: ReceiveOptions = {}): Subscription {
    return this.#subscription(receiverTarget(id), options);
  }

  /** The messages of a topic's subscription, for a loop. @throws as {@link Chappe.receiver} */
  subscription(topic: string, options: ReceiveOptions & TopicOptions): Subscription {
    const { subscription, startFrom, ...rest } = options;
    return this.#subscription(topicTarget(topic, { subscription, startFrom }), rest);
  }

  /**
   * Handles the messages to a receiver. Resolves when a router has let the consumer in; one that cannot be reached is
   * waited for, and `onStatus` tells.
   *
   * @throws ChappeError (as a rejection) INVALID_ARGUMENT for an id outside the grammar of names, or an option that is not
   * allowed; what the router refuses it with; CANCELLED when the client is closed before
   */
  receive(id: string, handler: MessageHandler): Promise<Handling>;
  receive(id: string, options: HandleOptions, handler: MessageHandler): Promise<Handling>;
  async receive(id: string, first: HandleOptions | MessageHandler, second?: MessageHandler): Promise<Handling> {
    const [options, handler] = typeof first === "function" ? [{}, first] : [first, second];
    return await this.#handle(receiverTarget(id), options, handler);
  }

  /** Handles the messages of a topic's subscription. @throws as {@link Chappe.receive} */
  async subscribe(topic: string, options: HandleOptions & TopicOptions, handler: MessageHandler): Promise<Handling> {
    const { subscription, startFrom, ...rest } = options;
    return await this.#handle(topicTarget(topic, { subscription, startFrom }), rest, handler);
  }

  /**
   * Closes everything: consumers take no more messages, handlers that run are waited for, what they and others sent is
   * flushed, outcomes are told, and the connections end. A handler must not wait for it, because it waits for the handler.
   */
  close({ deadlineMs = DEFAULT_CLOSE_MS }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(deadlineMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #subscription(target: ReadTarget, options: ReceiveOptions): Subscription {
    // Now, so that a mistake shows where it was made.
    const consumer = loopConsumer(target, options, this.#consumerName());
    return new Subscription((onEnd) => {
      if (this.#closing !== undefined) throw closedError();
      const reader = new SubscriptionRun(consumer, this.#parts, () => {
        this.#readers.delete(reader);
        onEnd();
      });
      this.#readers.add(reader);
      return reader;
    });
  }

  async #handle(target: ReadTarget, options: HandleOptions, handler: MessageHandler | undefined): Promise<Handling> {
    if (this.#closing !== undefined) throw closedError();
    if (typeof handler !== "function") {
      throw new ChappeError("INVALID_ARGUMENT", `the handler must be a function, not ${typeof handler}`);
    }
    const consumer = handlerConsumer(target, options, this.#consumerName(), systemClock);
    const handling = new Handling(handler, consumer, consumer, this.#parts, () => this.#readers.delete(handling));
    this.#readers.add(handling);
    await handling.opened;
    return handling;
  }

  #consumerName(): string {
    return `${this.#options.name}.${++this.#consumers}`;
  }

  async #close(deadlineMs: number): Promise<void> {
    const startedMs = systemClock.now();
    await Promise.all([...this.#readers].map((reader) => reader.close({ deadlineMs })));
    // Last, because handlers send.
    await this.#publisher.close(Math.max(0, deadlineMs - (systemClock.now() - startedMs)));
    this.#canceller.close();
  }
}
