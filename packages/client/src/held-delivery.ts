import {
  ChappeError,
  cutReason,
  decodeBatchHeader,
  type FrameDelivery,
  type FrameOutcome,
  RecordBatch,
} from "@chappe/message";

/** How a message ends: what its handler, or the user's loop, says about it. */
export type MessageOutcome =
  | { readonly kind: "ack" }
  | { readonly kind: "release" }
  | { readonly kind: "fail"; readonly delayMs: number | undefined; readonly reason: string }
  | { readonly kind: "reject"; readonly reason: string };

/** Who carries outcomes to the router. */
export interface DeliveryOwner {
  /** The delivery has outcomes to tell. */
  touch(delivery: HeldDelivery): void;
  /** Somebody waits for the outcomes to be told, or for what they set off. */
  hurry(): void;
  /** A message got its outcome: its credit may be given again. */
  returned(messages: number, bytes: number): void;
}

const OPEN = 0;
const ACK = 1;
const RELEASE = 2;
const TOLD = 3;
const TAKEN_BACK = 4;

export const ACKED: MessageOutcome = { kind: "ack" };

/**
 * One delivery in this consumer's hands, and what became of each of its messages. Outcomes gather here until the next frame
 * takes them, as ranges: most deliveries are acked whole, and then say so in one.
 */
export class HeldDelivery {
  readonly number: number;
  readonly attempt: number;
  readonly redelivered: boolean;
  /** Consumers have crashed with it: it waits for its turn among the {@link SuspectTurns}. */
  readonly isSuspect: boolean;
  readonly count: number;
  readonly batch: RecordBatch;
  /** Whether its messages have an ordering key: each is to be handled when the one before has its outcome. */
  readonly isOrdered: boolean;
  /** With an ordering key: called once, when every message that was taken up has its outcome. */
  onTurn: (() => void) | undefined;
  /** Called when the router has every message's outcome, or they are somebody else's. */
  onOver: (() => void) | undefined;
  readonly #owner: DeliveryOwner;
  readonly #marks: Uint8Array;
  /** Messages without an outcome. */
  #open: number;
  /** Messages that somebody has taken up. */
  #taken = 0;
  /** Marks in this range may be ACK or RELEASE. */
  #from: number;
  #to = 0;
  /** Outcomes that are told one by one. */
  #single: FrameOutcome[] = [];
  #isTouched = false;
  #told: PromiseWithResolvers<void> | undefined;
  #signals: Map<number, AbortController> | undefined;
  #lost: ChappeError | undefined;

  /** @throws ChappeError INVALID_ARGUMENT when its bytes are no batch */
  constructor(delivery: FrameDelivery, owner: DeliveryOwner) {
    this.number = delivery.number;
    this.attempt = delivery.attempt;
    this.isSuspect = delivery.suspect;
    this.count = delivery.count;
    const { first, count, records } = delivery;
    const header = decodeBatchHeader(delivery.headerBytes);
    this.isOrdered = header.orderingKey !== "";
    this.redelivered = delivery.redelivered || header.resent;
    this.batch = new RecordBatch({ header, records, first, count });
    this.#owner = owner;
    this.#marks = new Uint8Array(count);
    this.#open = count;
    this.#from = count;
  }

  /** Length of its records. */
  get bytes(): number {
    return this.batch.offsets[this.count] as number;
  }

  /** Messages without an outcome. */
  get open(): number {
    return this.#open;
  }

  /** Bytes of the messages without an outcome. */
  get openBytes(): number {
    let bytes = 0;
    for (let index = 0; index < this.count; index++) {
      if (this.#marks[index] === OPEN) bytes += this.#bytesOf(index);
    }
    return bytes;
  }

  /** Whether the messages are somebody else's by now. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Whether there is a message to take up. */
  get hasNext(): boolean {
    return this.#taken < this.count && this.isOpen(this.#taken);
  }

  /** Whether a message that was taken up has no outcome. */
  get isBusy(): boolean {
    return this.#taken + this.#open > this.count;
  }

  /** Takes up the next message; returns its index. */
  takeNext(): number {
    return this.#taken++;
  }

  isOpen(index: number): boolean {
    return this.#marks[index] === OPEN && this.#lost === undefined;
  }

  /** Gives a message its outcome. Returns why it cannot have it, if so. */
  settle(index: number, outcome: MessageOutcome): ChappeError | undefined {
    if (this.#lost !== undefined) return this.#lost;
    if (this.#marks[index] === TAKEN_BACK) {
      return new ChappeError(
        "FAILED_PRECONDITION",
        "an earlier message of its ordering key failed or was released; it comes again after that one",
      );
    }
    if (this.#marks[index] !== OPEN) {
      return new ChappeError("FAILED_PRECONDITION", "the message has an outcome already; the first one counts");
    }
    switch (outcome.kind) {
      case "ack":
        this.#mark(index, ACK);
        break;
      case "release":
        this.#mark(index, RELEASE);
        break;
      case "fail":
      case "reject":
        this.#marks[index] = TOLD;
        this.#single.push({
          ...outcome,
          delivery: this.number,
          first: index,
          count: 1,
          reason: cutReason(outcome.reason),
        });
    }
    this.#open--;
    this.#owner.returned(1, this.#bytesOf(index));
    if (this.isOrdered) this.#keepOrder(outcome);
    if (this.#open === 0) this.#signals = undefined;
    if (!this.#isTouched) {
      this.#isTouched = true;
      this.#owner.touch(this);
    }
    if (outcome.kind !== "ack") this.#owner.hurry();
    if (this.#open === 0 && this.onOver !== undefined) void this.told.then(this.onOver, this.onOver);
    return undefined;
  }

  /**
   * Resolves when the router has taken the outcomes that the next frame tells, and rejects when it refuses them. One
   * promise for all of them: a router holds, or does not hold, a delivery as a whole.
   */
  get told(): Promise<void> {
    if (this.#told === undefined) {
      this.#told = Promise.withResolvers();
      // Nobody has to wait for it.
      this.#told.promise.catch(() => {});
      this.#owner.hurry();
    }
    return this.#told.promise;
  }

  /** Takes the outcomes that are not told yet, and the promise that they are, if anybody asked for it. */
  takeOutcomes(into: FrameOutcome[]): PromiseWithResolvers<void> | undefined {
    const marks = this.#marks;
    const delivery = this.number;
    for (let index = this.#from; index < this.#to; ) {
      const mark = marks[index];
      const first = index++;
      if (mark !== ACK && mark !== RELEASE) continue;
      while (index < this.#to && marks[index] === mark) index++;
      marks.fill(TOLD, first, index);
      into.push({ delivery, first, count: index - first, kind: mark === ACK ? "ack" : "release" });
    }
    into.push(...this.#single);
    this.#single = [];
    this.#from = this.count;
    this.#to = 0;
    this.#isTouched = false;
    const told = this.#told;
    this.#told = undefined;
    return told;
  }

  /** Aborted when the message is no longer this consumer's to handle. */
  signal(index: number): AbortSignal {
    this.#signals ??= new Map();
    let controller = this.#signals.get(index);
    if (controller === undefined) {
      controller = new AbortController();
      this.#signals.set(index, controller);
      if (this.#lost !== undefined) controller.abort(this.#lost);
    }
    return controller.signal;
  }

  /** Tells the one who handles a message to stop. */
  abortOne(index: number, reason: ChappeError): void {
    this.#signals?.get(index)?.abort(reason);
  }

  /** Tells those who still handle its messages to stop. */
  abort(reason: ChappeError): void {
    if (this.#signals === undefined) return;
    for (const [index, controller] of this.#signals) {
      if (this.#marks[index] === OPEN) controller.abort(reason);
    }
  }

  /** The messages are no longer this consumer's. Outcomes that were not told never will be. */
  lose(error: ChappeError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    this.abort(error);
    this.#told?.reject(error);
    this.onOver?.();
  }

  /** The router takes back what comes after a message that failed or was released. Nobody here may handle it any more. */
  #keepOrder({ kind }: MessageOutcome): void {
    if (kind === "fail" || kind === "release") {
      const bytes = this.openBytes;
      this.abort(new ChappeError("FAILED_PRECONDITION", "an earlier message of its ordering key comes again first"));
      for (let index = 0; index < this.count; index++) {
        if (this.#marks[index] === OPEN) this.#marks[index] = TAKEN_BACK;
      }
      if (this.#open > 0) this.#owner.returned(this.#open, bytes);
      this.#open = 0;
    }
    // The next messages of the key wait for this to be told.
    if (this.#open === 0) this.#owner.hurry();
    if (this.isBusy) return;
    this.onTurn?.();
    this.onTurn = undefined;
  }

  #mark(index: number, mark: number): void {
    this.#marks[index] = mark;
    if (index < this.#from) this.#from = index;
    if (index >= this.#to) this.#to = index + 1;
  }

  #bytesOf(index: number): number {
    const { offsets } = this.batch;
    return (offsets[index + 1] as number) - (offsets[index] as number);
  }
}
