import {
  checkDeadLetterIds,
  type DeadLetterSelection,
  foreignPageError,
  type KeptDeadLetter,
  type Page,
  type PageRequest,
  type Step,
  type SubscriptionName,
} from "@chappe/broker";
import type { AdministrationOptions } from "./administration.ts";
import type { Reply } from "./redis-client.ts";
import { unpackEntry } from "./stored-entry.ts";
import { isEntryId, millisecondsOf, type StreamEntry, valuesOf, youngestIdOf } from "./stream-entry.ts";
import { isTopic } from "./subscription-place.ts";
import { wakeUpText } from "./wake-ups.ts";

/**
 * One script call looks at so many letters, and moves so many bytes: it holds up Redis for 1 ms with small bodies, and
 * for up to 6 ms with large ones.
 */
const STEP_LETTERS = 256;
const STEP_BYTES = 1_048_576;

/** Bodies are large at times: a page ends early rather than hold more than this, and its next letter. */
const PAGE_BYTES = 4 * 1_048_576;

/** Letters read at a time. */
const READ_AT_ONCE = 16;

/** The dead letters of subscriptions: shown, put back into their queue, deleted. */
export class DeadLetters {
  readonly #options: AdministrationOptions;

  constructor(options: AdministrationOptions) {
    this.#options = options;
  }

  /** See `Administration.listDeadLetters`. @throws ChappeError */
  async list(
    name: SubscriptionName,
    { after, limit, reason = "" }: PageRequest & { readonly reason?: string | undefined },
  ): Promise<Page<KeptDeadLetter>> {
    if (after !== undefined) checkPage(after);
    const items: KeptDeadLetter[] = [];
    let last = after;
    for (let looked = 0, bytes = 0; looked < limit && bytes < PAGE_BYTES; ) {
      const count = Math.min(READ_AT_ONCE, limit - looked);
      const found = await this.#read(name, last === undefined ? "-" : `(${last}`, "+", count);
      for (const entry of found) {
        if (bytes >= PAGE_BYTES) break;
        const letter = letterOf(entry);
        last = String(entry[0]);
        if (letter === undefined || !letter.reason.includes(reason)) continue;
        items.push(letter);
        bytes += letter.records.length;
      }
      looked += found.length;
      if (found.length < count && bytes < PAGE_BYTES) return { items, next: undefined };
    }
    const more = await this.#read(name, `(${last}`, "+", 1);
    return { items, next: more.length > 0 ? last : undefined };
  }

  /** See `Administration.findDeadLetter`. @throws ChappeError */
  async find(name: SubscriptionName, id: string): Promise<KeptDeadLetter | undefined> {
    if (!isEntryId(id)) return undefined;
    const [entry] = await this.#read(name, id, id, 1);
    return entry === undefined ? undefined : letterOf(entry);
  }

  /**
   * One step of `Administration.redrive` or `purgeDeadLetters`.
   *
   * @param after `<last id looked at>/<id to end with>`
   * @throws ChappeError
   */
  async takeOff(
    action: "redrive" | "purge",
    name: SubscriptionName,
    { ids, reason = "" }: DeadLetterSelection,
    after: string | undefined,
  ): Promise<Step> {
    if (ids !== undefined) return this.#takeOffNamed(action, name, ids, reason);
    let from = "-";
    let to: string | undefined;
    if (after === undefined) {
      // What dies again from now on, perhaps because of this, is none of this work's.
      to = await youngestIdOf(this.#options.connection, this.#options.keys.subscription(name).dead);
      if (to === undefined) return { messages: 0, next: undefined };
    } else {
      const [last = "", end = ""] = after.split("/");
      checkPage(last);
      checkPage(end);
      [from, to] = [`(${last}`, end];
    }
    const { messages, last } = await this.#run(action, name, from, to, reason);
    return { messages, next: last === "" ? undefined : `${last}/${to}` };
  }

  async #takeOffNamed(
    action: "redrive" | "purge",
    name: SubscriptionName,
    ids: readonly string[],
    reason: string,
  ): Promise<Step> {
    checkDeadLetterIds(ids);
    const steps = ids.filter(isEntryId).map((id) => this.#run(action, name, id, id, reason));
    const taken = await Promise.all(steps);
    return { messages: taken.reduce((sum, { messages }) => sum + messages, 0), next: undefined };
  }

  async #run(action: "redrive" | "purge", name: SubscriptionName, from: string, to: string, reason: string) {
    const { scripts, keys, onAgain } = this.#options;
    const { dead, waiting, subscription, meta, wakes } = keys.subscription(name);
    const touched = [dead, waiting, subscription];
    if (!isTopic(name.address)) touched.push(meta);
    // Nobody's name: whoever reads there shall look, this instance included.
    const wakeUp = wakeUpText("again", "");
    const args = [action, from, to, reason, STEP_LETTERS, STEP_BYTES, wakes, wakeUp];
    const [messages, last] = (await scripts.run("dead-letters", touched, args)) as [number, Buffer];
    if (action === "redrive" && messages > 0) onAgain(name.address);
    return { messages, last: String(last) };
  }

  async #read(name: SubscriptionName, from: string, to: string, count: number): Promise<readonly StreamEntry[]> {
    const { dead } = this.#options.keys.subscription(name);
    const found: Reply = await this.#options.connection.call("XRANGE", dead, from, to, "COUNT", count);
    return found as unknown as readonly StreamEntry[];
  }
}

/** A dead letter as Redis keeps it; undefined for what something else wrote. */
export function letterOf(entry: StreamEntry): KeptDeadLetter | undefined {
  const { b: value, reason } = valuesOf(entry);
  const stored = value === undefined ? undefined : unpackEntry(value);
  if (stored === undefined) return undefined;
  const { attempt: attempts, ...letter } = stored;
  const id = String(entry[0]);
  return { ...letter, attempts, reason: String(reason ?? ""), id, diedAtMs: millisecondsOf(id) };
}

function checkPage(id: string): void {
  if (!isEntryId(id)) throw foreignPageError(id);
}
