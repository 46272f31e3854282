import { nothingToMoveError } from "@chappe/broker";
import {
  ChappeError,
  decodeBatchHeader,
  idTimeMs,
  isIdAmong,
  type StartFrom,
  type StartMessage,
} from "@chappe/message";
import { groupsOf } from "./consumer-groups.ts";
import type { ReadEntry } from "./new-entries.ts";
import type { RedisClient } from "./redis-client.ts";
import type { Scripts } from "./scripts.ts";
import { unpackEntry } from "./stored-entry.ts";
import type { SubscriptionPlace } from "./subscription-place.ts";
import { type WakeUps, wakeUpText } from "./wake-ups.ts";

/**
 * A message is looked for among what was stored from so long before its id was made, for clocks differ, to so long after,
 * for its sender may have tried for a while.
 */
const SEARCH_BEFORE_MS = 60_000;
const SEARCH_AFTER_MS = 300_000;

/** Entries of one answer. */
const SEARCH_COUNT = 32;

/** What a {@link Replay} needs. */
export interface ReplayOptions {
  readonly connection: RedisClient;
  readonly scripts: Scripts;
  readonly wakeUps: WakeUps;
  readonly instance: string;
}

/** Moves subscriptions of topics to positions in what the topic keeps, and creates them there. */
export class Replay {
  readonly #options: ReplayOptions;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /**
   * Creates a subscription at a position, if it is not there. An address without a history is left alone: there every
   * position is the beginning.
   *
   * @returns whether it was created
   * @throws ChappeError NOT_FOUND for a message that the topic does not keep
   */
  async create(place: SubscriptionPlace, position: StartFrom): Promise<boolean> {
    const groups = await groupsOf(this.#options.connection, place.keys.stream);
    // Whoever joins what is there may name a message that is gone by now.
    if (groups === undefined || groups.some(({ name }) => name === place.group)) return false;
    return this.#run(place, await this.#firstOf(place, position), true);
  }

  /** See `Replayable.seek`. @throws ChappeError */
  async seek(place: SubscriptionPlace, position: StartFrom): Promise<void> {
    const groups = await groupsOf(this.#options.connection, place.keys.stream);
    if (!groups?.some(({ name }) => name === place.group)) throw nothingToMoveError(place.name);
    await this.#run(place, await this.#firstOf(place, position), false);
    place.takeAtMs = 0;
  }

  async #run({ keys, group }: SubscriptionPlace, first: string, creates: boolean): Promise<boolean> {
    const { scripts, wakeUps, instance } = this.#options;
    const { stream, meta, subscription, progress, waiting, retries, handed, marks, wakes } = keys;
    const wake = [wakes, wakeUps.servedHere(wakes), wakeUpText("again", instance)];
    const all = [stream, meta, subscription, progress, waiting, retries, handed, marks];
    return String(await scripts.run("seek", all, [group, first, creates ? 1 : 0, ...wake])) === "1";
  }

  /** As seek.lua takes it. */
  async #firstOf(place: SubscriptionPlace, position: StartFrom): Promise<string> {
    if (position === "earliest") return "0";
    if (position === "latest") return "$";
    return "timeMs" in position ? `${position.timeMs}-0` : this.#entryOf(place, position);
  }

  /** Id of the entry that has a message. */
  async #entryOf(
    { keys: { stream }, name: { address } }: SubscriptionPlace,
    { messageId }: StartMessage,
  ): Promise<string> {
    const madeMs = idTimeMs(messageId);
    let from = String(Math.max(0, madeMs - SEARCH_BEFORE_MS));
    for (;;) {
      const found = await this.#options.connection.call(
        ...["XRANGE", stream, from, String(madeMs + SEARCH_AFTER_MS), "COUNT", SEARCH_COUNT],
      );
      const entries = found as readonly ReadEntry[];
      for (const [id, [, value]] of entries) if (holds(value, messageId)) return String(id);
      const last = entries.at(-1);
      if (last === undefined || entries.length < SEARCH_COUNT) break;
      from = `(${String(last[0])}`;
    }
    throw new ChappeError("NOT_FOUND", `${address} keeps no message ${messageId}; a time is found whatever was kept`);
  }
}

function holds(value: Buffer, messageId: string): boolean {
  const entry = unpackEntry(value);
  if (entry === undefined) return false;
  try {
    return isIdAmong(messageId, decodeBatchHeader(entry.headerBytes).firstId, entry.count);
  } catch {
    // Something else wrote it.
    return false;
  }
}
