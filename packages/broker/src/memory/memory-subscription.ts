import type { DeadLetterSelection, PeekedEntry, SubscriptionDetails } from "../administrable.ts";
import type { QueueFill } from "../queue-limits.ts";
import type { Entry, Settlement, Standing, SubscriptionState, Waiting } from "../store.ts";
import { DeadLetterShelf } from "./dead-letter-shelf.ts";
import { Handovers } from "./handovers.ts";
import { Heap } from "../heap.ts";
import type { History, Retention } from "./history.ts";
import type { MemoryInstance } from "./memory-instance.ts";
import { oldestOf, peekedEntry, unreadEntries } from "./peeked-entries.ts";
import { entryOf, newPlace, type Place } from "./place.ts";
import { sizeOf } from "./range-size.ts";
import { Reservation } from "./reservation.ts";
import type { MemoryBudget, StoredPart } from "./stored-part.ts";

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
  /** Those with an ordering key that were claimed and are not settled, by position. */
  readonly #ordered = new Map<number, Place>();
  readonly #handovers = new Handovers();
  readonly reservation = new Reservation();
  readonly deadLetters: DeadLetterShelf;
  /** Batches of a topic that were read and not removed, by position: retention may take them yet. */
  readonly #read = new Map<number, Place>();
  /** Messages since it began. */
  readonly #counted = { acked: 0, retried: 0, dead: 0, expired: 0, trimmed: 0, purged: 0, redriven: 0 };
  #depth: number;
  #moves = 0;
  /** What a receiver's unsettled messages cost the budget. */
  #queueBytes = 0;

  constructor(name: string, cursor: number, shared: SubscriptionSurroundings) {
    this.#name = name;
    this.#shared = shared;
    this.#cursor = cursor;
    this.deadLetters = new DeadLetterShelf(shared.budget, shared.retention);
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
      ...this.#counted,
      deadDropped: this.deadLetters.droppedAt(nowMs),
      oldestAgeMs: this.#oldestAgeMs(nowMs),
    };
  }

  /** What it holds that has no outcome yet. Only for a receiver's: a topic's messages are kept whoever reads them. */
  get fill(): QueueFill {
    return { messages: this.#depth, bytes: this.#queueBytes };
  }

  /** How often it was moved. */
  get moves(): number {
    return this.#moves;
  }

  /** Goes on at a position. What was read and what waits for a retry is forgotten. */
  seek(cursor: number): void {
    this.#releasePlaces();
    this.#owned.clear();
    this.#free.clear();
    this.#delayed.clear();
    this.#read.clear();
    this.#ordered.clear();
    this.#handovers.clear();
    this.#cursor = cursor;
    this.#depth = this.#shared.history.countFrom(cursor);
    this.#moves++;
  }

  /** A batch was appended to the history. */
  noteAppended(part: StoredPart): void {
    this.#depth += part.count;
    this.#queueBytes += part.bytes;
  }

  /** The history dropped a batch of `count` messages, whether it was read or not. */
  noteDropped(position: number, count: number): void {
    if (position >= this.#cursor) {
      this.#cursor = position + 1;
      this.#lose(count);
      return;
    }
    const place = this.#read.get(position);
    if (place === undefined) return;
    this.#read.delete(position);
    this.#ordered.delete(position);
    place.isGone = true;
    for (const owned of this.#owned.values()) owned.delete(place.ref);
    this.#shared.budget.release(place.part);
    this.#lose(count - sizeOf(place.settled));
  }

  /** Drops retries that fell due before a time, and were not taken since. */
  dropRetries(beforeMs: number): void {
    for (let next = this.#delayed.peek(); next !== undefined && next.dueMs <= beforeMs; next = this.#delayed.peek()) {
      this.#delayed.pop();
      this.#shared.budget.release(next.place.part);
      this.#lose(next.place.part.count);
    }
  }

  /** Gives `instance` up to `limit` entries that nobody has owned yet, oldest first. */
  claim(instance: MemoryInstance, limit: number, nowMs: number): Entry[] {
    const handed = this.#giveHanded(instance, limit, nowMs);
    return [...handed, ...this.#give(instance, limit - handed.length, nowMs, () => this.#readNext())];
  }

  /** Whether it has not settled the batch at a position, which has an ordering key. */
  isOpen(position: number): boolean {
    return position >= this.#cursor || this.#ordered.has(position);
  }

  /** See `Store.turns`. Also says which instances have something to be told now. */
  turns(instance: MemoryInstance, waiting: readonly Waiting[]): { standings: Standing[]; told: Set<MemoryInstance> } {
    const told = new Set<MemoryInstance>();
    const standings = waiting.map(({ ref }): Standing => {
      const place = this.#owned.get(instance)?.get(ref);
      if (place === undefined) return "moved";
      const before = this.#before(place);
      if (before === undefined) return "next";
      for (const [owner, owned] of this.#owned) {
        if (owner === instance || !owned.has(before.ref)) continue;
        this.#owned.get(instance)?.delete(ref);
        owned.set(ref, place);
        // It waited there, and nobody saw it.
        place.gives--;
        this.#handovers.add(owner, place);
        told.add(owner);
        return "moved";
      }
      return "waits";
    });
    return { standings, told };
  }

  /** Gives `instance` up to `limit` entries that were returned, whose owner is gone, or that are retries now due, oldest first. */
  takeOver(instance: MemoryInstance, limit: number, nowMs: number): Entry[] {
    for (const owner of this.#owned.keys()) if (owner.isGone(nowMs)) this.abandon(owner);
    for (let next = this.#delayed.peek(); next !== undefined && next.dueMs <= nowMs; next = this.#delayed.peek()) {
      this.#delayed.pop();
      this.#free.push(next.place);
    }
    const free = this.#give(instance, limit, nowMs, () => this.#nextFree());
    return [...free, ...this.#giveHanded(instance, limit - free.length, nowMs)];
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
      else this.#remove(place);
    }
    return lost;
  }

  /** Frees what `owner` owns; says whether that was anything. */
  abandon(owner: MemoryInstance): boolean {
    const owned = this.#owned.get(owner);
    this.#handovers.forget(owner);
    const reserved = this.reservation.end(owner);
    if (owned === undefined) return reserved;
    this.#owned.delete(owner);
    for (const place of owned.values()) this.#free.push(place);
    return reserved || owned.size > 0;
  }

  detailsAt(nowMs: number): Omit<SubscriptionDetails, "watchers"> {
    const holders = [...this.#owned].map(([{ name }, owned]) => ({ instance: name, heldEntries: owned.size }));
    return {
      ...this.stateAt(nowMs),
      holders: holders.filter(({ heldEntries }) => heldEntries > 0),
      heldEntries: holders.reduce((sum, { heldEntries }) => sum + heldEntries, 0),
      waitingRetries: this.#delayed.length,
      deadLetters: this.deadLetters.sizeAt(nowMs),
    };
  }

  /** Whether it has messages or dead letters. */
  isFilledAt(nowMs: number): boolean {
    return this.#depth > 0 || this.deadLetters.sizeAt(nowMs) > 0;
  }

  /** Entries with up to `limit` messages, oldest first. */
  peek(limit: number): PeekedEntry[] {
    const found: PeekedEntry[] = [];
    for (const place of this.#free) if (!place.isGone) found.push(peekedEntry(place, "waiting", undefined));
    for (const { place } of this.#delayed) found.push(peekedEntry(place, "retry", undefined));
    for (const [{ name }, owned] of this.#owned) {
      for (const place of owned.values()) found.push(peekedEntry(place, "held", name));
    }
    return oldestOf([...found, ...unreadEntries(this.#shared.history, this.#cursor, limit)], limit);
  }

  /** Puts dead letters back among what waits; says how many messages. */
  redrive(selection: DeadLetterSelection, nowMs: number): number {
    let messages = 0;
    for (const part of this.deadLetters.take(selection, nowMs)) {
      // Before all others, in the order of their deaths.
      const position = Number.MIN_SAFE_INTEGER + this.#counted.redriven;
      const place = newPlace({ ref: this.#shared.nextRef(), position, part, sinceMs: nowMs, redriven: true });
      this.#delayed.push({ dueMs: nowMs, place });
      this.#queueBytes += part.bytes;
      messages += part.count;
      this.#counted.redriven += part.count;
    }
    this.#depth += messages;
    return messages;
  }

  /** Lets go of what nobody owns; says how many messages. */
  purge(): number {
    const { budget, history } = this.#shared;
    let messages = 0;
    const letGo = (place: Place) => {
      messages += place.part.count - sizeOf(place.settled);
      this.#remove(place);
    };
    for (let place = this.#nextFree(); place !== undefined; place = this.#nextFree()) letGo(place);
    for (let next = this.#delayed.pop(); next !== undefined; next = this.#delayed.pop()) letGo(next.place);
    for (; this.#cursor < history.end; this.#cursor++) {
      const part = history.read(this.#cursor);
      if (part === undefined) continue;
      messages += part.count;
      this.#queueBytes -= part.bytes;
      budget.release(part);
    }
    this.#depth -= messages;
    this.#counted.purged += messages;
    return messages;
  }

  /** Gives back the room of all it has. It is not to be used any more. */
  releaseAll(): void {
    this.#releasePlaces();
    for (const part of this.deadLetters.takeAll()) this.#shared.budget.release(part);
  }

  #releasePlaces(): void {
    const known = [...this.#free, ...[...this.#delayed].map(({ place }) => place)];
    for (const owned of this.#owned.values()) known.push(...owned.values());
    for (const { isGone, part } of known) if (!isGone) this.#shared.budget.release(part);
  }

  #oldestAgeMs(nowMs: number): number | undefined {
    const unread = this.#shared.history.storedMs(this.#cursor);
    let oldestMs = unread ?? Number.POSITIVE_INFINITY;
    const look = (places: Iterable<Place>): void => {
      for (const { sinceMs } of places) oldestMs = Math.min(oldestMs, sinceMs);
    };
    look([...this.#free].filter(({ isGone }) => !isGone));
    for (const owned of this.#owned.values()) look(owned.values());
    const due = this.#delayed.peek();
    if (due !== undefined) look([due.place]);
    return oldestMs <= nowMs ? nowMs - oldestMs : undefined;
  }

  /** What went over to an instance and still is its own. */
  #giveHanded(instance: MemoryInstance, limit: number, nowMs: number): Entry[] {
    const owns = ({ ref }: Place) => this.#owned.get(instance)?.has(ref) ?? false;
    return this.#give(instance, limit, nowMs, () => this.#handovers.next(instance, owns));
  }

  /** The batch before a place with the same ordering key, unless it is settled. */
  #before({ part }: Place): Place | undefined {
    return part.follows === undefined ? undefined : this.#ordered.get(part.follows);
  }

  #give(instance: MemoryInstance, limit: number, nowMs: number, next: () => Place | undefined): Entry[] {
    const entries: Entry[] = [];
    while (entries.length < limit) {
      const place = next();
      if (place === undefined) break;
      this.#ownedBy(instance).set(place.ref, place);
      entries.push(entryOf(place, this.#before(place)?.ref ?? "", nowMs));
    }
    return entries;
  }

  #lose(messages: number): void {
    this.#depth -= messages;
    this.#counted.trimmed += messages;
  }

  #nextFree(): Place | undefined {
    for (;;) {
      const place = this.#free.pop();
      if (place === undefined || !place.isGone) return place;
    }
  }

  #readNext(): Place | undefined {
    const { history, nextRef } = this.#shared;
    const sinceMs = history.storedMs(this.#cursor);
    const part = history.read(this.#cursor);
    if (part === undefined || sinceMs === undefined) return undefined;
    const position = this.#cursor++;
    const place = newPlace({ ref: nextRef(), position, part, sinceMs });
    if (part.follows !== undefined) this.#ordered.set(position, place);
    if (history.keepsRead) this.#read.set(position, place);
    return place;
  }

  #carryOut(place: Place, settlement: Settlement, nowMs: number): void {
    const settledBefore = sizeOf(place.settled);
    const settledNow = settlement.action === "remove" ? place.part.count : sizeOf(settlement.settled);
    const { setback } = settlement;
    if (setback !== undefined && setback.total > (place.setback?.noted.total ?? 0)) {
      place.setback = { noted: setback, untilMs: nowMs + setback.pauseMs };
      this.#counted.retried++;
    }
    // Settled messages never become unsettled, so one that settles nothing more was carried out before, and its answer
    // got lost. Doing it again would retry its messages twice.
    if (settledNow <= settledBefore && settlement.action !== "remove") return;
    place.settled = settlement.settled;
    this.#depth -= settledNow - settledBefore;
    this.#counted.acked += settlement.ackedMessages;
    this.#counted.expired += settlement.expiredMessages;
    for (const retry of settlement.retries) {
      const part = this.#shared.budget.keep(retry);
      const { position } = place;
      const { attempt, crashes, redriven } = retry;
      const dueMs = nowMs + retry.delayMs;
      const begin = { ref: this.#shared.nextRef(), position, part, sinceMs: dueMs, attempt, crashes, redriven };
      this.#delayed.push({ dueMs, place: newPlace(begin) });
      this.#queueBytes += part.bytes;
      this.#depth += retry.count;
      this.#counted.retried += retry.count;
    }
    for (const deadLetter of settlement.deadLetters) {
      this.deadLetters.add(deadLetter, nowMs);
      this.#counted.dead += deadLetter.count;
    }
  }

  #remove(place: Place): void {
    this.#shared.budget.release(place.part);
    this.#queueBytes -= place.part.bytes;
    if (place.part.follows !== undefined) this.#ordered.delete(place.position);
    if (this.#read.get(place.position) === place) this.#read.delete(place.position);
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
