import type { DeadLetter, Entry, Range, Settlement, SubscriptionState } from "../store.ts";
import { DeadLetterShelf } from "./dead-letter-shelf.ts";
import { Heap } from "./heap.ts";
import type { History, Retention } from "./history.ts";
import type { MemoryInstance } from "./memory-instance.ts";
import type { MemoryBudget, StoredPart } from "./stored-part.ts";

/** A part's life in one subscription: from its first claim, or its retry, to its removal. */
interface Place {
  readonly ref: string;
  /** Position in the history of the batch it stems from; the order among places. */
  readonly position: number;
  readonly part: StoredPart;
  /** When it was stored, or is due for its retry. */
  readonly sinceMs: number;
  readonly attempt: number;
  redelivered: boolean;
  settled: readonly Range[];
}

/** What a {@link MemorySubscription} shares with the others of its address. */
export interface SubscriptionSurroundings {
  readonly history: History;
  readonly budget: MemoryBudget;
  readonly retention: Retention;
  /** Makes a ref that no entry had before. */
  readonly nextRef: () => string;
}

/** One subscription of one address: how far it has read, who owns what, and what waits to be tried again. */
export class MemorySubscription {
  readonly #name: string;
  readonly #shared: SubscriptionSurroundings;
  /** Position of the next batch that nobody has claimed yet. */
  #cursor: number;
  /** Claimed before and free again, or due for a retry. All of it is older than what the cursor points at. */
  readonly #free = new Heap<Place>((a, b) => a.position - b.position || a.part.first - b.part.first);
  readonly #delayed = new Heap<{ readonly dueMs: number; readonly place: Place }>((a, b) => a.dueMs - b.dueMs);
  readonly #owned = new Map<MemoryInstance, Map<string, Place>>();
  readonly #deadLetters: DeadLetterShelf;
  #depth: number;
  #acked = 0;
  #retried = 0;
  #dead = 0;
  #expired = 0;

  constructor(name: string, cursor: number, shared: SubscriptionSurroundings) {
    this.#name = name;
    this.#shared = shared;
    this.#cursor = cursor;
    this.#deadLetters = new DeadLetterShelf(shared.budget, shared.retention);
    this.#depth = shared.history.countFrom(cursor);
  }

  /** Position of the next batch that nobody has claimed yet. */
  get cursor(): number {
    return this.#cursor;
  }

  stateAt(nowMs: number): SubscriptionState {
    return {
      subscription: this.#name,
      depth: this.#depth,
      acked: this.#acked,
      retried: this.#retried,
      dead: this.#dead,
      expired: this.#expired,
      oldestAgeMs: this.#oldestAgeMs(nowMs),
    };
  }

  /** A batch of `count` messages was appended to the history. */
  noteAppended(count: number): void {
    this.#depth += count;
  }

  /** The history dropped a batch of `count` messages, whether it was read or not. */
  noteDropped(position: number, count: number): void {
    if (position < this.#cursor) return;
    this.#cursor = position + 1;
    this.#depth -= count;
  }

  /** Gives `instance` up to `limit` entries that nobody has owned yet, oldest first. */
  claim(instance: MemoryInstance, limit: number): Entry[] {
    return this.#give(instance, limit, () => this.#readNext());
  }

  /** Gives `instance` up to `limit` entries that were returned, whose owner is gone, or that are retries now due, oldest first. */
  takeOver(instance: MemoryInstance, limit: number, nowMs: number): Entry[] {
    for (const owner of this.#owned.keys()) if (owner.isGone(nowMs)) this.abandon(owner);
    for (let next = this.#delayed.peek(); next !== undefined && next.dueMs <= nowMs; next = this.#delayed.peek()) {
      this.#delayed.pop();
      this.#free.push(next.place);
    }
    return this.#give(instance, limit, () => this.#free.pop());
  }

  /** Milliseconds until the next retry falls due; undefined when none waits. */
  nextRetryMs(nowMs: number): number | undefined {
    const next = this.#delayed.peek();
    return next === undefined ? undefined : Math.max(0, next.dueMs - nowMs);
  }

  /** Carries out settlements of entries that `instance` owns; says which it does not. */
  settle(instance: MemoryInstance, settlements: readonly Settlement[], nowMs: number): string[] {
    const owned = this.#owned.get(instance);
    const lost: string[] = [];
    for (const settlement of settlements) {
      const place = owned?.get(settlement.ref);
      if (owned === undefined || place === undefined) {
        lost.push(settlement.ref);
        continue;
      }
      this.#carryOut(place, settlement, nowMs);
      if (settlement.action === "keep") continue;
      owned.delete(place.ref);
      if (settlement.action === "return") this.#free.push(place);
      else this.#shared.budget.release(place.part);
    }
    return lost;
  }

  /** Frees what `owner` owns; says whether that was anything. */
  abandon(owner: MemoryInstance): boolean {
    const owned = this.#owned.get(owner);
    if (owned === undefined) return false;
    this.#owned.delete(owner);
    for (const place of owned.values()) this.#free.push(place);
    return owned.size > 0;
  }

  /** Oldest first. */
  deadLetters(limit: number, nowMs: number): DeadLetter[] {
    return this.#deadLetters.list(limit, nowMs);
  }

  #oldestAgeMs(nowMs: number): number | undefined {
    const unread = this.#shared.history.storedMs(this.#cursor);
    let oldestMs = unread ?? Number.POSITIVE_INFINITY;
    const look = (places: Iterable<Place>): void => {
      for (const { sinceMs } of places) oldestMs = Math.min(oldestMs, sinceMs);
    };
    look(this.#free);
    for (const owned of this.#owned.values()) look(owned.values());
    const due = this.#delayed.peek();
    if (due !== undefined) look([due.place]);
    return oldestMs <= nowMs ? nowMs - oldestMs : undefined;
  }

  #give(instance: MemoryInstance, limit: number, next: () => Place | undefined): Entry[] {
    const entries: Entry[] = [];
    while (entries.length < limit) {
      const place = next();
      if (place === undefined) break;
      this.#ownedBy(instance).set(place.ref, place);
      entries.push(entryOf(place));
    }
    return entries;
  }

  #readNext(): Place | undefined {
    const { history, nextRef } = this.#shared;
    const sinceMs = history.storedMs(this.#cursor);
    const part = history.read(this.#cursor);
    if (part === undefined || sinceMs === undefined) return undefined;
    const position = this.#cursor++;
    return { ref: nextRef(), position, part, sinceMs, attempt: 1, redelivered: false, settled: [] };
  }

  #carryOut(place: Place, settlement: Settlement, nowMs: number): void {
    const settledBefore = sizeOf(place.settled);
    const settledNow = settlement.action === "remove" ? place.part.count : sizeOf(settlement.settled);
    // Settled messages never become unsettled, so one that settles nothing more was carried out before, and its answer
    // got lost. Doing it again would retry its messages twice.
    if (settledNow <= settledBefore && settlement.action !== "remove") return;
    place.settled = settlement.settled;
    this.#depth -= settledNow - settledBefore;
    this.#acked += settlement.ackedMessages;
    this.#expired += settlement.expiredMessages;
    for (const retry of settlement.retries) {
      const part = this.#shared.budget.keep(retry);
      const { attempt } = retry;
      const dueMs = nowMs + retry.delayMs;
      const again = {
        ref: this.#shared.nextRef(),
        position: place.position,
        part,
        sinceMs: dueMs,
        attempt,
        redelivered: false,
        settled: [],
      };
      this.#delayed.push({ dueMs, place: again });
      this.#depth += retry.count;
      this.#retried += retry.count;
    }
    for (const deadLetter of settlement.deadLetters) {
      this.#deadLetters.add(deadLetter, nowMs);
      this.#dead += deadLetter.count;
    }
  }

  #ownedBy(instance: MemoryInstance): Map<string, Place> {
    let owned = this.#owned.get(instance);
    if (owned === undefined) {
      owned = new Map();
      this.#owned.set(instance, owned);
    }
    return owned;
  }
}

function entryOf(place: Place): Entry {
  const { ref, part, attempt, redelivered, settled } = place;
  const { headerBytes, records, count, first } = part;
  place.redelivered = true;
  return { ref, headerBytes, records, count, first, attempt, redelivered, settled };
}

function sizeOf(ranges: readonly Range[]): number {
  let size = 0;
  for (const { from, to } of ranges) size += to - from;
  return size;
}
