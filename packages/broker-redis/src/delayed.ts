import { foreignPageError, type Step } from "@chappe/broker";
import { type BatchHeader, decodeBatchHeader } from "@chappe/message";
import { delayedMember, type Keys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import type { Scripts } from "./scripts.ts";
import { unpackEntry } from "./stored-entry.ts";
import type { SubscriptionPlace } from "./subscription-place.ts";
import { type WakeUps, wakeUpText } from "./wake-ups.ts";

/** One script call holds up Redis for all it moves; more that are due come with the next. */
const MAX_PROMOTED = 128;

/** Each of them is read whole before it goes, and bodies are large at times. */
const PURGED_AT_ONCE = 16;

/** What no entry begins with. */
const NO_ENTRY = { head: Buffer.from("-"), header: undefined };

/** What {@link DelayedMessages} needs. */
export interface DelayedOptions {
  readonly connection: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly wakeUps: WakeUps;
  readonly instance: string;
}

/** The messages that wait for their time. */
export class DelayedMessages {
  readonly #options: DelayedOptions;
  readonly #wakeUp: string;

  constructor(options: DelayedOptions) {
    this.#options = options;
    this.#wakeUp = wakeUpText("new", options.instance);
  }

  /**
   * Lets those join the address whose time has come, up to 128.
   *
   * @returns milliseconds until the next is due, 0 for at once; undefined when none waits
   * @throws ChappeError
   */
  async promote({ keys }: SubscriptionPlace): Promise<number | undefined> {
    const { scripts, wakeUps } = this.#options;
    const { stream, meta, delayed, delayedEntries, wakes } = keys;
    const args = [wakes, wakeUps.servedHere(wakes), this.#wakeUp, MAX_PROMOTED];
    const nextMs = Number(await scripts.run("promote", [stream, meta, delayed, delayedEntries], args));
    return nextMs < 0 ? undefined : nextMs;
  }

  /** See `Schedulable.cancel`. @throws ChappeError */
  cancel(address: string, sender: string, id: string): Promise<boolean> {
    return this.#takeBack(address, delayedMember(sender, id));
  }

  /**
   * See `Administration.purgeDelayed`.
   *
   * @param after time of the last message to purge
   * @throws ChappeError
   */
  async purge(address: string, after: string | undefined): Promise<Step> {
    if (after !== undefined && !/^\d+$/.test(after)) throw foreignPageError(after);
    const { delayed } = this.#options.keys.address(address);
    const end = after ?? (await this.#lastTime(delayed));
    if (end === undefined) return { messages: 0, next: undefined };
    const { connection } = this.#options;
    const found = await connection.call("ZRANGEBYSCORE", delayed, "-inf", end, "LIMIT", 0, PURGED_AT_ONCE);
    const members = (found as readonly Buffer[]).map(String);
    const taken = await Promise.all(members.map((member) => this.#takeBack(address, member)));
    return {
      messages: taken.filter((isTaken) => isTaken).length,
      next: members.length < PURGED_AT_ONCE ? undefined : end,
    };
  }

  /** When the last of them falls due. */
  async #lastTime(delayed: string): Promise<string | undefined> {
    const last = await this.#options.connection.call("ZRANGE", delayed, -1, -1, "WITHSCORES");
    const [, time] = last as readonly Buffer[];
    return time === undefined ? undefined : String(time);
  }

  async #takeBack(address: string, member: string): Promise<boolean> {
    const { connection, scripts, keys } = this.#options;
    const { delayed, delayedEntries } = keys.address(address);
    const id = member.slice(member.indexOf("/") + 1);
    for (;;) {
      // A script is told its keys beforehand, and the deduplication id is in the entry.
      const value = (await connection.call("HGET", delayedEntries, member)) as Buffer | null;
      const { head, header } = value === null ? NO_ENTRY : readHead(value);
      const touched = [delayed, delayedEntries];
      if (header !== undefined && header.deduplicationId !== "") touched.push(keys.deduplication(header));
      const answer = await scripts.run("cancel", touched, [member, id, head]);
      // Below 0 another one of this id has taken its place since.
      if (Number(answer) >= 0) return answer === 1;
    }
  }
}

/** What a delayed entry begins with, as no other does, and its header if it can be read. */
function readHead(value: Buffer): { readonly head: Buffer; readonly header: BatchHeader | undefined } {
  // Its size stands before it, in a line of its own.
  const entry = unpackEntry(value.subarray(value.indexOf(0x0a) + 1));
  if (entry === undefined) return { head: value, header: undefined };
  const head = value.subarray(0, value.length - entry.records.length);
  try {
    return { head, header: decodeBatchHeader(entry.headerBytes) };
  } catch {
    // Something else wrote it.
    return { head, header: undefined };
  }
}
