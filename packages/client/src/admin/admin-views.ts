import type {
  AddressInfo__Output,
  DeadLetterInfo__Output,
  MessageInfo__Output,
  WaitingMessage__Output,
} from "@chappe/proto";

/** State of one address. */
export interface AddressView {
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Identity of its history: another one says that earlier messages were lost or deleted. */
  readonly epoch: string;
  /** Messages published since the epoch began. */
  readonly publishedMessages: number;
  /** Bytes of their records. */
  readonly publishedBytes: number;
  /** Messages that wait for the time they are to be delivered at; no subscription's yet. */
  readonly delayedMessages: number;
  readonly subscriptions: readonly SubscriptionView[];
}

/** State of one subscription. */
export interface SubscriptionView {
  /** Empty for a receiver's only one. */
  readonly subscription: string;
  /** Messages not settled yet: waiting, held, or due later. */
  readonly depthMessages: number;
  /** How long ago the oldest that is held, or could be handed out, was stored or fell due; undefined: there is none. */
  readonly oldestAgeMs: number | undefined;
  /** Batches, or what is left of them, that routers own: for their consumers, or already with them. */
  readonly heldBatches: number;
  /** Messages that wait for their next attempt. */
  readonly waitingRetries: number;
  /** Dead letters that are there now. */
  readonly deadLetters: number;
  /** Messages acknowledged since the subscription began. */
  readonly ackedMessages: number;
  /** Attempts scheduled again since. */
  readonly retriedMessages: number;
  /** Messages gone to the dead letters since. */
  readonly deadMessages: number;
  /** Messages that went past their topic's retention since, before they had an outcome here. */
  readonly trimmedMessages: number;
  /** Messages past their time that were dropped since. Where a router keeps them as dead letters, they count as dead. */
  readonly expiredMessages: number;
  /** Messages that an operator purged since, before they had an outcome. */
  readonly purgedMessages: number;
  /** Dead letters that an operator put back since. */
  readonly redrivenMessages: number;
  /** Dead letters that were too old, or too many, to be kept since. */
  readonly droppedDeadLetters: number;
  /** Routers that have consumers for it at this moment. */
  readonly readingRouters: number;
  /** Routers that own batches. */
  readonly holders: readonly HolderView[];
}

/** A router that owns batches of a subscription. */
export interface HolderView {
  readonly instance: string;
  readonly heldBatches: number;
}

/** What a message says of itself. Texts are empty where the sender said nothing, and when it cannot be read. */
export interface MessageView {
  readonly id: string;
  readonly type: string;
  readonly sender: string;
  readonly contentType: string;
  readonly time: Date;
  readonly correlationId: string;
  readonly replyTo: string;
  readonly traceparent: string;
  readonly orderingKey: string;
  /** 0: for ever. */
  readonly ttlMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** Length of the whole body. */
  readonly bodyBytes: number;
  /** The body as far as it was asked for. */
  readonly body: Uint8Array;
}

/** A message that is not settled yet. */
export interface WaitingView extends MessageView {
  /** `waiting`: any router may have it. `held`: a router owns it. `retry`: it waits for its next attempt. */
  readonly state: "waiting" | "held" | "retry";
  /** 1 + failures counted. */
  readonly attempt: number;
  /** The router that owns it; empty unless held. */
  readonly holder: string;
  /** When it was stored, or falls due for its next attempt. */
  readonly since: Date;
}

/** A message that will not be tried again unless it is redriven. */
export interface DeadLetterView {
  /** The dead letter's own name. Not the message's id. */
  readonly id: string;
  readonly reason: string;
  /** How often it was handed out. */
  readonly attempts: number;
  readonly diedAt: Date;
  readonly message: MessageView;
}

/** As the contract says it → as programs read it. */
export function addressView({ subscriptions, ...info }: AddressInfo__Output): AddressView {
  return {
    ...info,
    subscriptions: subscriptions.map(({ oldestAgeMs, _oldestAgeMs, ...state }) => ({ ...state, oldestAgeMs })),
  };
}

/** As the contract says it → as programs read it. */
export function waitingView({ message, state, attempt, holder, sinceUnixMs }: WaitingMessage__Output): WaitingView {
  const kind = state === "HELD" ? "held" : state === "RETRY" ? "retry" : "waiting";
  return { ...messageView(message), state: kind, attempt, holder, since: new Date(sinceUnixMs) };
}

/** As the contract says it → as programs read it. */
export function deadLetterView({
  id,
  reason,
  attempts,
  diedAtUnixMs,
  message,
}: DeadLetterInfo__Output): DeadLetterView {
  return { id, reason, attempts, diedAt: new Date(diedAtUnixMs), message: messageView(message) };
}

const UNREADABLE: Omit<MessageInfo__Output, "timeUnixMs"> = {
  id: "",
  type: "",
  sender: "",
  contentType: "",
  correlationId: "",
  replyTo: "",
  traceparent: "",
  orderingKey: "",
  ttlMs: 0,
  attributes: {},
  bodyBytes: 0,
  body: Buffer.alloc(0),
};

function messageView(info: MessageInfo__Output | null): MessageView {
  const { timeUnixMs, ...rest } = info ?? { ...UNREADABLE, timeUnixMs: 0 };
  return { ...rest, time: new Date(timeUnixMs) };
}
