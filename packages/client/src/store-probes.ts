import type { AcknowledgedBatches } from "./acknowledged-batches.ts";
import type { SentBatch } from "./in-flight-frames.ts";
import type { PendingBatch } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";
import type { Unanswered } from "./send-deadlines.ts";

/** Something that is not known of what the store has. Times in milliseconds. */
interface Question {
  /** What was kept then stays kept, */
  readonly sinceMs: number;
  /** until then. */
  readonly untilMs: number;
}

/**
 * Acknowledged batches that were sent again to see whether the store still has them. Until they are answered, or that has
 * taken too long, what is kept for healing stays. So it does for producers that are busy, until something is stored that they sent
 * later, and so all before it; or they ask because nothing is. A receipt of what they sent before may be from before the loss.
 */
export class StoreProbes {
  readonly #acknowledged: AcknowledgedBatches;
  readonly #maxMs: number;
  readonly #unanswered = new Map<PendingBatch, Question>();
  /** Were busy when the store was lost from sight, and had nothing stored that they sent since. */
  readonly #owed = new Map<Producer, Question>();

  /** @param maxMs how long an answer may take, milliseconds */
  constructor(acknowledged: AcknowledgedBatches, maxMs: number) {
    this.#acknowledged = acknowledged;
    this.#maxMs = maxMs;
  }

  /** The store was lost from sight, while some batches were unsettled. Returns the producers that have something to ask. */
  begin(nowMs: number, unsettled: readonly Unanswered[]): Producer[] {
    const sent = unsettled.filter(({ batch }) => batch.attempt > 0);
    for (const { batch } of sent) batch.doubtfulAttempt = batch.attempt;
    const sentAgain = this.#acknowledged.batches.filter(({ state }) => state === "sent");
    for (const batch of sentAgain) batch.doubtfulAttempt = batch.attempt;
    this.#await(sentAgain, nowMs);
    const producers = new Set([...this.#acknowledged.producers, ...sent.map(({ producer }) => producer)]);
    return [...producers].filter((producer) => {
      if (producer.isBusy) this.#owe(producer, nowMs);
      return this.#await(producer.ask(), nowMs);
    });
  }

  /** A batch was settled. Returns whether its producer has something to ask: it was busy until now, and nothing else will show it. */
  beginOwed(producer: Producer, nowMs: number): boolean {
    const owed = this.#owed.get(producer);
    if (owed === undefined || producer.isBusy) return false;
    this.#owed.delete(producer);
    return this.#await(producer.ask(), nowMs, owed.sinceMs);
  }

  /**
   * A send is stored: so is all that its producer sent before, unless the receipt may be from before the loss. A gap alone does not
   * end it, until what was lost is stored again.
   */
  noteStored({ producer, batch, attempt }: SentBatch): void {
    // Nearly always none is.
    if (this.#owed.size > 0 && attempt > batch.doubtfulAttempt) this.#owed.delete(producer);
  }

  /** The store lost something of a producer's: so it may have lost what was acknowledged under earlier ids. */
  beginEarlier(producer: Producer, nowMs: number): void {
    this.#await(producer.askEarlier(), nowMs);
  }

  /**
   * What was acknowledged, and sent again, is stored. Asks anew if the receipt may be from before the loss, and says so: then it
   * answers nothing.
   */
  beginAgain({ producer, batch, attempt }: SentBatch, nowMs: number): boolean {
    const question = this.#unanswered.get(batch);
    if (question === undefined || attempt > batch.doubtfulAttempt) return false;
    this.#unanswered.delete(batch);
    if (producer.isBusy) this.#owe(producer, nowMs, question.sinceMs);
    this.#await(producer.ask(), nowMs, question.sinceMs);
    return true;
  }

  /** What it waits for is over in little more than `maxMs`, and so is what it asks then. Who always sends on has no longer. */
  #owe(producer: Producer, nowMs: number, sinceMs = nowMs): void {
    const earlier = this.#owed.get(producer);
    this.#owed.set(producer, { sinceMs: earliest(sinceMs, earlier), untilMs: nowMs + 2 * this.#maxMs });
  }

  #await(asked: readonly PendingBatch[], nowMs: number, sinceMs = nowMs): boolean {
    for (const batch of asked) {
      const earlier = this.#unanswered.get(batch);
      this.#unanswered.set(batch, { sinceMs: earliest(sinceMs, earlier), untilMs: nowMs + this.#maxMs });
    }
    return asked.length > 0;
  }

  /** A batch is answered, or will not be. Returns whether it was a probe. */
  answer(batch: PendingBatch): boolean {
    return this.#unanswered.delete(batch);
  }

  /** Up to when kept batches may be let go: `nowMs`, unless answers are awaited. */
  expiryMs(nowMs: number): number {
    for (const [producer, { untilMs }] of this.#owed) if (untilMs <= nowMs) this.#owed.delete(producer);
    const open = [...this.#unanswered.values(), ...this.#owed.values()].filter(({ untilMs }) => nowMs < untilMs);
    return open.reduce((expiryMs, { sinceMs }) => Math.min(expiryMs, sinceMs), nowMs);
  }
}

/** What was in doubt before stays so from then on. */
function earliest(sinceMs: number, earlier: Question | undefined): number {
  return Math.min(sinceMs, earlier?.sinceMs ?? sinceMs);
}
