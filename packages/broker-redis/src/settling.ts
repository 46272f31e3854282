import type { Settlement, Standing, Waiting } from "@chappe/broker";
import type { Acks } from "./acks.ts";
import type { Argument } from "./encode-command.ts";
import { encodeProgress, sizeOf } from "./settled-marks.ts";
import type { Scripts } from "./scripts.ts";
import { packEntry } from "./stored-entry.ts";
import type { SubscriptionPlace } from "./subscription-place.ts";
import type { RetentionLimits } from "./topic-retention.ts";
import { type WakeUps, wakeUpText } from "./wake-ups.ts";

/** One script call holds up Redis for all it settles, and Lua takes so many values at once, not many more. */
const MAX_SCRIPT_SETTLEMENTS = 256;

/** What {@link Settling} needs. */
export interface SettlingOptions {
  readonly acks: Acks;
  readonly scripts: Scripts;
  readonly wakeUps: WakeUps;
  readonly instance: string;
  readonly retention: RetentionLimits;
}

/** Carries out settlements, and gives everything back when this instance leaves. */
export class Settling {
  readonly #options: SettlingOptions;
  readonly #wakeUp: string;

  constructor(options: SettlingOptions) {
    this.#options = options;
    this.#wakeUp = wakeUpText("again", options.instance);
  }

  /** See `Store.settle`. @throws ChappeError */
  async settle(place: SubscriptionPlace, settlements: readonly Settlement[]): Promise<readonly string[]> {
    const acked: Settlement[] = [];
    const others: Settlement[] = [];
    for (const settlement of settlements) (isMereAck(place, settlement) ? acked : others).push(settlement);
    const { acks } = this.#options;
    if (others.length === 0) return acks.settle(place, acked);
    const calls: Promise<readonly string[]>[] = acked.length > 0 ? [acks.settle(place, acked)] : [];
    for (let from = 0; from < others.length; from += MAX_SCRIPT_SETTLEMENTS) {
      calls.push(this.#settle(place, others.slice(from, from + MAX_SCRIPT_SETTLEMENTS)));
    }
    return (await Promise.all(calls)).flat();
  }

  /** See `Store.turns`. @throws ChappeError */
  async turns({ keys, group }: SubscriptionPlace, waiting: readonly Waiting[]): Promise<readonly Standing[]> {
    const { scripts, wakeUps, instance } = this.#options;
    const { stream, handed, wakes } = keys;
    const calls: Promise<unknown>[] = [];
    for (let from = 0; from < waiting.length; from += MAX_SCRIPT_SETTLEMENTS) {
      const some = waiting.slice(from, from + MAX_SCRIPT_SETTLEMENTS).flatMap(({ ref, after }) => [ref, after]);
      const args = [group, instance, wakes, wakeUps.servedHere(wakes), this.#wakeUp, ...some];
      calls.push(scripts.run("turns", [stream, handed], args));
    }
    const answers = (await Promise.all(calls)) as readonly (readonly Buffer[])[];
    return answers.flat().map((standing) => String(standing) as Standing);
  }

  /** Lets any instance have what this one owns. @throws ChappeError */
  async leave({ keys, group }: SubscriptionPlace): Promise<void> {
    const { scripts, wakeUps, instance } = this.#options;
    const args = [group, instance, keys.wakes, wakeUps.servedHere(keys.wakes), this.#wakeUp];
    await scripts.run("leave", [keys.stream, keys.retries, keys.handed, keys.subscription], args);
  }

  async #settle(place: SubscriptionPlace, settlements: readonly Settlement[]): Promise<string[]> {
    const { scripts, wakeUps, instance, retention } = this.#options;
    const { stream, retries, waiting, dead, subscription, progress, wakes } = place.keys;
    const leaves = place.isTopic ? 0 : 1;
    const args: Argument[] = [place.group, instance, leaves, wakes, wakeUps.servedHere(wakes), this.#wakeUp];
    args.push(retention.deadLetters, retention.deadLetterMs);
    for (const settlement of settlements) {
      addSettlement(args, settlement, marksFor(place, settlement));
      const again = settlement.action === "return" ? 0 : earliest(settlement);
      place.takeAtMs = Math.min(place.takeAtMs, performance.now() + again);
    }
    const answer = await scripts.run("settle", [stream, retries, waiting, dead, subscription, progress], args);
    const lost = (answer as readonly Buffer[]).map(String);
    for (const { ref, action } of settlements) if (action !== "keep") place.noted.delete(ref);
    for (const ref of lost) place.noted.delete(ref);
    return lost;
  }
}

/** Whether Redis has nothing to write for it, and nothing to forget, but the entry itself. */
function isMereAck({ noted }: SubscriptionPlace, settlement: Settlement): boolean {
  const { ref, action, retries, deadLetters, expiredMessages } = settlement;
  if (action !== "remove" || noted.has(ref) || ref.startsWith("r")) return false;
  return retries.length === 0 && deadLetters.length === 0 && expiredMessages === 0;
}

function earliest({ retries }: Settlement): number {
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const { delayMs } of retries) earliestMs = Math.min(earliestMs, delayMs);
  return earliestMs;
}

/** Most entries never have progress noted, and then there is nothing to clear away either. */
function marksFor({ noted }: SubscriptionPlace, settlement: Settlement): string {
  const { ref, action } = settlement;
  if (action === "remove") return noted.has(ref) ? "0" : "";
  noted.add(ref);
  return encodeProgress(settlement);
}

function addSettlement(args: Argument[], settlement: Settlement, marks: string): void {
  const { ref, action, settled, retries, deadLetters, ackedMessages, expiredMessages } = settlement;
  const marked = [sizeOf(settled), marks] as const;
  args.push(ref, action, ...marked, ackedMessages, expiredMessages, retries.length, deadLetters.length);
  for (const retry of retries) args.push(Math.ceil(retry.delayMs), retry.count, packEntry(retry));
  for (const letter of deadLetters) {
    args.push(
      letter.count,
      letter.reason,
      packEntry({ ...letter, attempt: letter.attempts, crashes: 0, redriven: false }),
    );
  }
}
