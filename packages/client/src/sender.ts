import {
  ChappeError,
  checkId,
  type Durability,
  type MessageInput,
  parseDurability,
  receiverAddress,
  topicAddress,
} from "@chappe/message";
import type { Canceller } from "./canceller.ts";
import { checkKnown } from "./check-option.ts";
import { IdleTable } from "./idle-table.ts";
import { Producer } from "./producer.ts";
import type { Publisher } from "./publisher.ts";
import { sendAll } from "./send-all.ts";
import type { SendReceipt } from "./send-receipt.ts";

/** A message to a receiver. */
export interface MessageToReceiver extends MessageInput {
  /** Id of the receiver. It need not be connected: the message waits for it. */
  readonly to: string;
}

/** A message to a topic. */
export interface MessageToTopic extends MessageInput {
  /** Name of the topic. Every subscription of it gets the message; where there is none, it reaches nobody. */
  readonly topic: string;
}

/** A message that was sent, by where it went and its id. */
export type SentMessage =
  | Pick<SendReceipt, "address" | "id">
  | { readonly to: string; readonly id: string }
  | { readonly topic: string; readonly id: string };

/** What a {@link Sender} waits for. */
export interface SenderOptions {
  /**
   * What must be true before a send resolves. `accepted`: Redis has replied; `replicated`, `replicated(2)`, …: also a
   * replica has it, or so many; `fsynced`: also the disk. While that is not reached, the send goes on until
   * `sendTimeoutMs`; what Redis cannot give at all is refused with FAILED_PRECONDITION.
   *
   * @default "accepted"
   */
  readonly durability?: Durability;
}

/** The durability that is asked for. @throws ChappeError INVALID_ARGUMENT for an option that is not allowed */
export function checkSenderOptions(options: SenderOptions): Durability {
  checkKnown(options, "sender", ["durability"]);
  return parseDurability(options.durability ?? "accepted", "durability");
}

/**
 * Sends under one name. Messages with the same destination and the same ordering key (or none) arrive in the order of the
 * calls, as long as none of them fails at the receiver and one consumer reads.
 */
export class Sender {
  readonly id: string;
  readonly #publisher: Publisher;
  readonly #canceller: Canceller;
  readonly #receivers: IdleTable<Producer>;
  readonly #topics: IdleTable<Producer>;

  /** @internal */
  constructor(id: string, publisher: Publisher, canceller: Canceller, durability: Durability) {
    this.id = id;
    this.#publisher = publisher;
    this.#canceller = canceller;
    const shared = { sender: id, durability };
    this.#receivers = new IdleTable(
      (to) => new Producer({ ...shared, address: receiverAddress(to), destinationKey: "to" }),
    );
    this.#topics = new IdleTable(
      (topic) => new Producer({ ...shared, address: topicAddress(topic), destinationKey: "topic" }),
    );
  }

  /** Whether everything it was given is settled. @internal */
  get isIdle(): boolean {
    return this.#receivers.isIdle && this.#topics.isIdle;
  }

  /**
   * Sends a message to a receiver. Resolves when it is stored: from then on it will be delivered at least once. Do not wait
   * for one before you call for the next where order allows: calls of one turn travel together, and keep their order.
   *
   * Lost connections, restarting routers and a store that is away for a while are waited out, until the client's
   * `sendTimeoutMs`.
   *
   * @throws ChappeError (as a rejection) INVALID_ARGUMENT for a message outside the limits: it was not sent;
   * DEADLINE_EXCEEDED or CANCELLED (the client was closed) without an answer: the message says whether it may still arrive;
   * RESOURCE_EXHAUSTED when too much is pending and the client was told not to wait; or what the router refused it with
   */
  send(message: MessageToReceiver): Promise<SendReceipt> {
    try {
      return this.#publisher.send(this.#receivers.get(message?.to), message);
    } catch (error) {
      return Promise.reject(ChappeError.from(error));
    }
  }

  /** Sends a message to a topic; otherwise as {@link Sender.send}. */
  publish(message: MessageToTopic): Promise<SendReceipt> {
    try {
      return this.#publisher.send(this.#topics.get(message?.topic), message);
    } catch (error) {
      return Promise.reject(ChappeError.from(error));
    }
  }

  /**
   * Takes back a message that waits for its `deliverAt`: `await sender.cancel(receipt)`, or by its destination and id. Wait for
   * its receipt first. Only who sent it can.
   *
   * Resolves with whether it was still waiting; then nobody gets it. False: its time has come, it was taken back before, or
   * no such message was sent. Lost connections are waited out as by sends; where an answer was lost, a second attempt says false of
   * what the first one did.
   *
   * @throws ChappeError (as a rejection) INVALID_ARGUMENT for names or an id outside their limits; UNAVAILABLE or
   * DEADLINE_EXCEEDED without an answer within `sendTimeoutMs`: it may be taken back all the same; CANCELLED when the client
   * is closed
   */
  async cancel(message: SentMessage): Promise<boolean> {
    checkId(message.id);
    return this.#canceller.cancel({ sender: this.id, address: addressOf(message), id: message.id });
  }

  /**
   * Sends many messages, in order. Costs less than as many calls of {@link Sender.send}, and takes any iterable: what does
   * not fit into memory waits.
   *
   * @throws ChappeError (as a rejection) about the first message that failed, as soon as it is known what became of all;
   * the others are sent
   */
  sendAll(messages: Iterable<MessageToReceiver | MessageToTopic>): Promise<SendReceipt[]> {
    return sendAll(
      this.#publisher,
      (message) => ("topic" in message ? this.#topics.get(message.topic) : this.#receivers.get(message.to)),
      messages,
    );
  }
}

function addressOf(message: SentMessage): string {
  if ("address" in message) return message.address;
  return "to" in message ? receiverAddress(message.to) : topicAddress(message.topic);
}
