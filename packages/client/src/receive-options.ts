import {
  ChappeError,
  checkName,
  checkStartFrom,
  type FrameCredit,
  type FrameOpen,
  receiverAddress,
  type StartFrom,
  topicAddress,
} from "@chappe/message";
import { checkKnown, checkOneOf, checkWhole } from "./check-option.ts";
import type { Clock } from "./clock.ts";
import type { ConsumerOptions } from "./consumer.ts";
import { CreditPace } from "./credit-pace.ts";
import type { HandlerPoolOptions } from "./handler-pool.ts";

/** How to read. */
export interface ReceiveOptions {
  /** Name of this consumer, for operators. @default "<name of the client>.<n>" */
  readonly consumer?: string;
  /**
   * Most messages, and bytes of them, to hold at once: those being handled, and those that wait for it. A single larger
   * message passes alone.
   *
   * @default 1_000 messages and 16 MiB
   */
  readonly credit?: Partial<FrameCredit>;
  /**
   * Of all consumers of the subscription, over all programs, one at a time is handed messages: the first that came. The next
   * takes over when it leaves or is gone. All of them must ask for it; one that does not ends with FAILED_PRECONDITION.
   *
   * @default false: consumers share the messages
   */
  readonly singleActive?: boolean;
}

/** How to read with a handler. */
export interface HandleOptions extends ReceiveOptions {
  /**
   * How many messages are handled at the same time. Above 1 they are finished in any order, but for messages with the same
   * ordering key: those are handled one after the other.
   *
   * The client then fetches about as many messages as are handled within a second, between twice this number and the
   * credit: fast handlers do not wait for the network, and slow ones leave messages to other consumers.
   *
   * @default 1
   */
  readonly concurrency?: number;
  /**
   * How long a handler's promise may take, milliseconds, 1 to 604,800,000 (7 days). Then its message fails, its signal is
   * aborted, and the next message takes its place; what the handler does afterwards counts for nothing. So a handler that
   * hangs cannot keep its message for ever: nobody else could have it as long as this program lives.
   *
   * @default 3_600_000, an hour
   */
  readonly handlerTimeoutMs?: number;
}

/** Which subscription of a topic to read. */
export interface TopicOptions {
  /** Its name. Consumers of the same subscription share its messages; each subscription gets all of them. */
  readonly subscription: string;
  /**
   * Where it begins when it does not exist yet: with what is published from now on, with all that the topic still keeps,
   * with what was stored at a time or after it (`{ timeMs }`), or with the batch of a message (`{ messageId }`; NOT_FOUND
   * when the topic does not keep it, or its sender chose the id). One that exists goes on where it stands.
   *
   * @default "latest"
   */
  readonly startFrom?: StartFrom | undefined;
}

/** What is read: the address, and a topic's subscription. */
export interface ReadTarget {
  readonly address: string;
  readonly subscription: string;
  readonly startFrom: StartFrom;
}

const DEFAULT_CREDIT: FrameCredit = { messages: 1_000, bytes: 16 * 1_048_576 };
const MAX_CREDIT: FrameCredit = { messages: 1_000_000, bytes: 1_073_741_824 };
const MAX_CONCURRENCY = 100_000;
const DEFAULT_HANDLER_TIMEOUT_MS = 3_600_000;
const MAX_HANDLER_TIMEOUT_MS = 604_800_000;

const READ_KEYS = ["consumer", "credit", "singleActive"] as const satisfies readonly (keyof ReceiveOptions)[];

/** What to read for a receiver. @throws ChappeError INVALID_ARGUMENT for an id outside the grammar */
export function receiverTarget(id: string): ReadTarget {
  return { address: receiverAddress(id), subscription: "", startFrom: "earliest" };
}

/** What to read for a topic. @throws ChappeError INVALID_ARGUMENT for names outside the grammar */
export function topicTarget(topic: string, { subscription, startFrom = "latest" }: TopicOptions): ReadTarget {
  const address = topicAddress(topic);
  checkName(subscription, "subscription");
  return { address, subscription, startFrom: checkStartFrom(startFrom) };
}

/**
 * Decides how a loop reads: with all of its credit from the beginning, because it may gather messages before it settles
 * any.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed
 */
export function loopConsumer(target: ReadTarget, options: ReceiveOptions, name: string): ConsumerOptions {
  checkKnown(options, "options", READ_KEYS);
  return { open: openOf(target, options, name), credit: creditOf(options), pace: undefined };
}

/**
 * Decides how handlers read.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed
 */
export function handlerConsumer(
  target: ReadTarget,
  options: HandleOptions,
  name: string,
  clock: Clock,
): ConsumerOptions & HandlerPoolOptions {
  checkKnown(options, "options", [...READ_KEYS, "concurrency", "handlerTimeoutMs"]);
  const concurrency = checkWhole(options.concurrency ?? 1, "concurrency", { min: 1, max: MAX_CONCURRENCY });
  const handlerTimeoutMs = checkWhole(options.handlerTimeoutMs ?? DEFAULT_HANDLER_TIMEOUT_MS, "handlerTimeoutMs", {
    min: 1,
    max: MAX_HANDLER_TIMEOUT_MS,
  });
  const credit = creditOf(options);
  if (credit.messages < concurrency) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `concurrency ${concurrency} needs a credit of as many messages; credit.messages is ${credit.messages}`,
    );
  }
  // One in hand and one in stock for each handler: with less, every message waits for a round trip.
  const min = Math.min(credit.messages, concurrency * 2);
  const pace = new CreditPace({ min, max: credit.messages }, () => clock.now());
  return {
    open: openOf(target, options, name),
    credit: { messages: min, bytes: credit.bytes },
    pace,
    concurrency,
    handlerTimeoutMs,
  };
}

function openOf(target: ReadTarget, options: ReceiveOptions, name: string): FrameOpen {
  const { consumer = name, singleActive = false } = options;
  if (options.consumer !== undefined) checkName(consumer, "consumer");
  return { ...target, consumer, singleActive: checkOneOf(singleActive, "singleActive", [true, false]) };
}

function creditOf({ credit = {} }: ReceiveOptions): FrameCredit {
  checkKnown(credit, "credit", ["messages", "bytes"]);
  const { messages = DEFAULT_CREDIT.messages, bytes = DEFAULT_CREDIT.bytes } = credit;
  return {
    messages: checkWhole(messages, "credit.messages", { min: 1, max: MAX_CREDIT.messages }),
    bytes: checkWhole(bytes, "credit.bytes", { min: 1, max: MAX_CREDIT.bytes }),
  };
}
