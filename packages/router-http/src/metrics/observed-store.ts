import {
  type AppendResult,
  type Durability,
  type Entry,
  type Opening,
  type Interruptible,
  isInterruptible,
  isReplayable,
  isSchedulable,
  type Replayable,
  type Schedulable,
  type Settlement,
  type Standing,
  type StartFrom,
  type Store,
  type SubscriptionName,
  type Sweep,
  type Waiting,
} from "@chappe/broker";
import type { Batch } from "@chappe/message";
import type { Traffic } from "./traffic.ts";

/** Calls whose round trips are measured. */
export type MeasuredCall = "append" | "claim" | "settle" | "ping";

/** A store that counts retries and dead letters, and measures its round trips: a few additions for each call. */
export class ObservedStore implements Store {
  /** There where the store has it. */
  readonly cancel?: Schedulable["cancel"];
  readonly onInterrupted?: Interruptible["onInterrupted"];
  readonly #store: Store;
  readonly #traffic: Traffic;
  readonly #onRoundTrip: (call: MeasuredCall, seconds: number) => void;
  /** Only where the store can. */
  readonly seek: Replayable["seek"] | undefined;

  /** @param onRoundTrip told how long the store took, of calls that it answered */
  constructor(store: Store, traffic: Traffic, onRoundTrip: (call: MeasuredCall, seconds: number) => void) {
    this.#store = store;
    if (isInterruptible(store)) this.onInterrupted = (listener) => store.onInterrupted(listener);
    if (isSchedulable(store)) this.cancel = (...message) => store.cancel(...message);
    this.#traffic = traffic;
    this.#onRoundTrip = onRoundTrip;
    this.seek = isReplayable(store) ? (name, position) => store.seek(name, position) : undefined;
  }

  append(batches: readonly Batch[], durability: Durability): Promise<readonly AppendResult[]> {
    return this.#measured("append", this.#store.append(batches, durability));
  }

  open(name: SubscriptionName, startFrom: StartFrom): Promise<Opening> {
    return this.#store.open(name, startFrom);
  }

  claim(name: SubscriptionName, limit: number): Promise<readonly Entry[]> {
    return this.#measured("claim", this.#store.claim(name, limit));
  }

  settle(name: SubscriptionName, settlements: readonly Settlement[]): Promise<readonly string[]> {
    const lost = this.#measured("settle", this.#store.settle(name, settlements));
    lost.then(
      (refs) => this.#noteSettled(settlements, refs),
      () => {},
    );
    return lost;
  }

  sweep(name: SubscriptionName, limit: number): Promise<Sweep> {
    return this.#store.sweep(name, limit);
  }

  turns(name: SubscriptionName, waiting: readonly Waiting[]): Promise<readonly Standing[]> {
    return this.#store.turns(name, waiting);
  }

  reserve(name: SubscriptionName): Promise<boolean> {
    return this.#store.reserve(name);
  }

  leave(name: SubscriptionName): Promise<void> {
    return this.#store.leave(name);
  }

  watch(address: string, onWake: () => void, subscription?: string): () => void {
    return this.#store.watch(address, onWake, subscription);
  }

  ping(): Promise<void> {
    return this.#measured("ping", this.#store.ping());
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #measured<Answer>(call: MeasuredCall, answer: Promise<Answer>): Promise<Answer> {
    const beginMs = performance.now();
    answer.then(
      () => this.#onRoundTrip(call, (performance.now() - beginMs) / 1_000),
      () => {},
    );
    return answer;
  }

  #noteSettled(settlements: readonly Settlement[], lost: readonly string[]): void {
    for (const { ref, retries, deadLetters, expiredMessages } of settlements) {
      if (retries.length + deadLetters.length + expiredMessages === 0 || lost.includes(ref)) continue;
      for (const { count } of retries) this.#traffic.retriedMessages += count;
      for (const { count } of deadLetters) this.#traffic.deadMessages += count;
      this.#traffic.expiredMessages += expiredMessages;
    }
  }
}
