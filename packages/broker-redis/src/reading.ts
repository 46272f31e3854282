import type { Entry, Opening, StartFrom, SubscriptionName, Sweep } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import type { DelayedMessages } from "./delayed.ts";
import { refOf } from "./entry-ref.ts";
import type { InstanceLiveness } from "./instance-liveness.ts";
import type { NewEntries } from "./new-entries.ts";
import { isNoGroup } from "./redis-errors.ts";
import type { Replay } from "./replay.ts";
import type { Scripts } from "./scripts.ts";
import { decodeProgress } from "./settled-marks.ts";
import { unpackEntry } from "./stored-entry.ts";
import { millisecondsOf } from "./stream-entry.ts";
import { type Doubt, everythingInDoubt, type SubscriptionPlace } from "./subscription-place.ts";
import type { Succession } from "./succession.ts";
import type { TopicRetention } from "./topic-retention.ts";

/** More entries in one answer would hold up Redis, and what is left comes with the next call. */
const MAX_TAKEN = 1_000;

/** What a {@link Reading} needs. */
export interface ReadingOptions {
  readonly newEntries: NewEntries;
  readonly scripts: Scripts;
  readonly retention: TopicRetention;
  readonly replay: Replay;
  readonly liveness: InstanceLiveness;
  readonly delayed: DelayedMessages;
  readonly succession: Succession;
  readonly instance: string;
  /** Makes an epoch that no address had before. */
  readonly newEpoch: () => string;
  readonly onEpochChanged: (address: string, epoch: string) => void;
  readonly onInstancesGone: (instances: readonly string[]) => void;
  /** An entry that nobody can read stays where it is, for an operator to look at. */
  readonly onDamaged: (name: SubscriptionName, ref: string) => void;
}

interface Taken extends Omit<Sweep, "isReserved"> {
  /** Instances that read this subscription too, or did. */
  readonly others: readonly string[];
  /** Instance that has reserved it; empty: none. */
  readonly reservedFor: string;
}

/** By what a subscription is told from what it was before a loss or a move. */
type History = Pick<SubscriptionPlace, "epoch" | "moves">;

/** As take.lua answers. The last stands for an ordering key. */
type TakenEntry = readonly [
  ref: Buffer,
  value: Buffer,
  marks: string | Buffer,
  handedOut: string | Buffer,
  after?: Buffer | undefined,
];
type TakeAnswer = readonly [
  epoch: Buffer,
  nextRetryMs: number,
  others: readonly Buffer[],
  taken: readonly TakenEntry[],
  nextDelayedMs: number,
  nowMs: number,
  reservedFor: Buffer,
  moves: Buffer,
  unsureMs: number,
];

/** Makes entries this instance's own: new ones, and those that were somebody's before. */
export class Reading {
  readonly #options: ReadingOptions;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** Creates the subscription where it is not there. @throws ChappeError */
  async open(place: SubscriptionPlace, startFrom: StartFrom): Promise<Opening> {
    // Before anything can be handed out.
    await this.#options.succession.note(place, { opens: true });
    const isPosition = place.isTopic && typeof startFrom === "object";
    const isMadeThere = isPosition && (await this.#options.replay.create(place, startFrom));
    const { epoch, created } = await this.#open(place, startFrom);
    this.#noteEpoch(place, epoch);
    return { epoch, created: created || isMadeThere };
  }

  /** Makes anew what vanished. That its epoch is another one, a look-round tells. */
  async #openAnew(place: SubscriptionPlace): Promise<string> {
    await this.#options.succession.note(place, { opens: true });
    const known = { vanished: true, epoch: place.isTopic ? (place.epoch ?? "") : "" };
    return (await this.#open(place, "earliest", known)).epoch;
  }

  async #open(
    place: SubscriptionPlace,
    startFrom: StartFrom,
    { vanished = false, epoch: knownEpoch = "" } = {},
  ): Promise<Opening> {
    const { stream, retries, meta, subscription, addresses } = place.keys;
    const start = place.isTopic && startFrom === "latest" ? "$" : "0";
    const { scripts, delayed, newEpoch } = this.#options;
    // What fell due while nobody looked belongs to the subscriptions that are there already.
    if (place.isTopic) while ((await delayed.promote(place)) === 0);
    const keys = [stream, retries, meta, subscription, addresses];
    const args = [place.group, start, newEpoch(), place.name.address, knownEpoch, vanished ? 1 : 0];
    const [epoch, created] = (await scripts.run("open", keys, args)) as [Buffer, number];
    return { epoch: String(epoch), created: created === 1 };
  }

  /** See `Store.claim`. @throws ChappeError */
  async claim(place: SubscriptionPlace, limit: number): Promise<readonly Entry[]> {
    if (limit <= 0) return [];
    return this.#recreating(place, async (isAnew) => {
      // What was made anew may be of another history.
      const mustTake = isAnew || place.takeAtMs <= performance.now() || !this.#options.succession.isSure(place);
      const taken = mustTake ? await this.#take(place, limit) : undefined;
      if (taken !== undefined) {
        mustBeOf(place, taken);
        place.moves = taken.moves;
      }
      const entries = taken?.entries ?? [];
      if (entries.length >= limit) return entries;
      return [...entries, ...(await this.#readNew(place, limit - entries.length))];
    });
  }

  /** See `Store.sweep`. @throws ChappeError */
  async sweep(place: SubscriptionPlace, limit: number): Promise<Sweep> {
    // A topic to which nothing is published any more grows old as well.
    if (place.isTopic) this.#options.retention.note(place.name.address, 0);
    const found = await this.#recreating(place, () => this.#lookRound(place, limit));
    // What was claimed since a move is called as if it had been claimed before.
    if (place.moves !== undefined && place.moves !== found.moves) place.doubt = everythingInDoubt();
    place.moves = found.moves;
    this.#noteEpoch(place, found.epoch);
    return found;
  }

  async #lookRound(place: SubscriptionPlace, limit: number): Promise<Sweep> {
    const { liveness, onInstancesGone } = this.#options;
    const found = await this.#take(place, limit, { looks: true });
    const gone = await liveness.goneAmong(found.others);
    const isReserved = await this.#isReserved(found.reservedFor);
    if (gone.length === 0) return { ...found, isReserved };
    onInstancesGone(gone);
    const taken = await this.#take(place, limit - found.entries.length, { gone });
    mustBeOf(found, taken);
    return { ...taken, entries: [...found.entries, ...taken.entries], isReserved };
  }

  /** See `Store.reserve`. @throws ChappeError */
  async reserve(place: SubscriptionPlace): Promise<boolean> {
    const { scripts, liveness, instance } = this.#options;
    place.mustLeave = true;
    const ask = async (...gone: string[]) =>
      String(await scripts.run("reserve", [place.keys.subscription], [instance, ...gone]));
    const holder = await ask();
    if (holder === instance) return true;
    // Who cannot tell whether the other one lives must stand by, too.
    const gone = await liveness.goneAmong([holder]).catch(() => []);
    return gone.length > 0 && (await ask(holder)) === instance;
  }

  async #isReserved(holder: string): Promise<boolean> {
    const { liveness, instance } = this.#options;
    return holder !== "" && holder !== instance && (await liveness.goneAmong([holder])).length === 0;
  }

  /**
   * One retry, after opening anew, of what found the subscription gone. Its place is lost, so it begins at the earliest,
   * unless somebody has deleted it.
   */
  async #recreating<Result>(place: SubscriptionPlace, read: (isAnew: boolean) => Promise<Result>): Promise<Result> {
    try {
      return await this.#inTime(place, () => read(false));
    } catch (error) {
      if (!isNoGroup(error)) throw error;
      await this.#openAnew(place);
      return this.#inTime(place, () => read(true));
    }
  }

  /**
   * What is read long after it was asked for, because this process stood still, may be another instance's by now: this one
   * looked dead meanwhile. It is left to the next look-round, which finds what is still owned, and says that others may
   * have seen it.
   */
  async #inTime<Result>(place: SubscriptionPlace, read: () => Promise<Result>): Promise<Result> {
    const askedMs = performance.now();
    try {
      const result = await read();
      const lateMs = performance.now() - askedMs;
      if (lateMs <= this.#options.liveness.trustedMs) return result;
      throw new ChappeError(
        "UNAVAILABLE",
        `Redis' answer was read after ${Math.round(lateMs)} ms: too late to rely on it`,
      );
    } catch (error) {
      // Redis may have carried out what it could not tell us.
      place.doubt = everythingInDoubt();
      place.takeAtMs = 0;
      throw error;
    }
  }

  async #readNew(place: SubscriptionPlace, limit: number): Promise<Entry[]> {
    const { newEntries, succession } = this.#options;
    // Claimed under this number, or under a later one: then they cannot be settled, and the look-round that tells of it
    // finds them.
    const moves = place.moves ?? 0;
    const { lookedOn } = place.served;
    const entries = await newEntries.read(place, limit);
    const unsureMs = succession.unsureMs(place, lookedOn);
    const taken = entries.map(([id, [, value, , after]]): TakenEntry => {
      return [id, value, "", unsureMs > 0 && millisecondsOf(id) <= unsureMs ? "1" : "0", after];
    });
    return this.#entriesOf(place, taken, { nowMs: 0, moves });
  }

  async #take(
    place: SubscriptionPlace,
    limit: number,
    { looks = false, gone = [] }: { looks?: boolean; gone?: readonly string[] } = {},
  ): Promise<Taken> {
    const { scripts, succession } = this.#options;
    const { stream, retries, waiting, progress, meta, subscription, delayed, handed } = place.keys;
    while (!succession.isNoted(place)) await succession.note(place);
    const route = succession.routeOf(place);
    const most = Math.min(limit, MAX_TAKEN);
    const doubt = looks ? place.doubt : undefined;
    const keys = [stream, retries, waiting, progress, meta, subscription, delayed, handed];
    const own = [doubt?.stream ?? "", doubt?.retries ?? ""];
    const args = [place.group, this.#options.instance, most, looks ? 1 : 0, ...own, ...gone];
    // What is settled from now on may bring it forward again, before the answer is here.
    place.takeAtMs = Number.POSITIVE_INFINITY;
    const answer = (await scripts.run("take", keys, args)) as unknown as TakeAnswer;
    const [epoch, waitingMs, others, taken, delayedMs, nowMs, reservedFor, moves, unsureMs] = answer;
    const isSure = succession.learn(place, route, unsureMs);
    const entries = this.#entriesOf(place, taken, { nowMs, moves: Number(moves), isSure });
    const nextDelayedMs = delayedMs === 0 ? await this.#options.delayed.promote(place) : delayedMs;
    const nextRetryMs = earliest(waitingMs, nextDelayedMs);
    // A full answer may not be all there is.
    const againMs = taken.length >= most ? 0 : performance.now() + (nextRetryMs ?? Number.POSITIVE_INFINITY);
    place.takeAtMs = Math.min(place.takeAtMs, againMs);
    if (doubt !== undefined && place.doubt === doubt) {
      place.doubt = taken.length < most ? undefined : continued(doubt, taken);
    }
    // The group is there, the epoch is not: somebody has deleted a key. Opening writes it again.
    const known = epoch.length > 0 ? String(epoch) : await this.#openAnew(place);
    return {
      entries,
      epoch: known,
      nextRetryMs,
      others: others.map(String),
      reservedFor: String(reservedFor),
      moves: Number(moves),
    };
  }

  #entriesOf(
    place: SubscriptionPlace,
    taken: readonly TakenEntry[],
    { nowMs, moves, isSure = true }: { readonly nowMs: number; readonly moves: number; readonly isSure?: boolean },
  ): Entry[] {
    const entries: Entry[] = [];
    for (const [name, value, marks, handedOut, after] of taken) {
      const ref = refOf(String(name), moves);
      const stored = unpackEntry(value);
      if (stored === undefined) {
        this.#options.onDamaged(place.name, String(name));
        continue;
      }
      const { settled, setback } = decodeProgress(String(marks), nowMs);
      if (marks.length > 0) place.noted.add(ref);
      if (after !== undefined) place.mustLeave = true;
      const turn = after && { after: after.length > 0 ? refOf(String(after), moves) : "", setback };
      entries.push({ ref, ...stored, redelivered: !isSure || String(handedOut) === "1", settled, turn });
    }
    return entries;
  }

  #noteEpoch(place: SubscriptionPlace, epoch: string): void {
    if (place.epoch !== undefined && place.epoch !== epoch) this.#options.onEpochChanged(place.name.address, epoch);
    place.epoch = epoch;
  }
}

/**
 * Nothing more is taken of a history that is another one, or of a subscription that was moved, before a look-round has told of
 * that: what is held from before must be doubted first, or given up.
 *
 * @throws ChappeError
 */
function mustBeOf(told: History, found: History): void {
  const isLost = told.epoch !== undefined && told.epoch !== found.epoch;
  const isMoved = told.moves !== undefined && told.moves !== found.moves;
  if (!isLost && !isMoved) return;
  const what = isLost ? "the address has lost its history" : "the subscription was moved";
  throw new ChappeError("UNAVAILABLE", `${what}: look round first`);
}

/** Milliseconds until whichever comes first; below 0 and undefined stand for never. */
function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const coming = times.filter((ms) => ms !== undefined && ms >= 0) as number[];
  return coming.length === 0 ? undefined : Math.min(...coming);
}

/** Entries come oldest first, so what was in doubt up to the last one is here. */
function continued(doubt: Doubt, taken: readonly TakenEntry[]): Doubt {
  const refs = taken.map(([ref]) => String(ref));
  const stream = refs.findLast((ref) => !ref.startsWith("r"));
  const retries = refs.findLast((ref) => ref.startsWith("r"));
  return {
    stream: stream === undefined ? doubt.stream : `(${stream}`,
    retries: retries === undefined ? doubt.retries : `(${retries.slice(1)}`,
  };
}
