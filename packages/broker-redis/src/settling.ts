import type { Settlement, Standing, Waiting } from "@chappe/broker";
import type { Acks } from "./acks.ts";
import type { Argument } from "./encode-command.ts";
import { byMoves, idOf, refOf } from "./entry-ref.ts";
import type { Reply } from "./redis-client.ts";
import { encodeProgress, sizeOf } from "./settled-marks.ts";
import type { Scripts } from "./scripts.ts";
import { packEntry } from "./stored-entry.ts";
import { everythingInDoubt, type SubscriptionPlace } from "./subscription-place.ts";
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
    for (const [moves, some] of byMoves(others)) {
      for (let from = 0; from < some.length; from += MAX_SCRIPT_SETTLEMENTS) {
        calls.push(this.#settle(place, moves, some.slice(from, from + MAX_SCRIPT_SETTLEMENTS)));
      }
    }
    return (await Promise.all(calls)).flat();
  }

  /** See `Store.turns`. @throws ChappeError */
  async turns(place: SubscriptionPlace, waiting: readonly Waiting[]): Promise<readonly Standing[]> {
    const standings = new Map<string, Standing>();
    const calls: Promise<void>[] = [];
    for (const [moves, some] of byMoves(waiting)) {
      for (let from = 0; from < some.length; from += MAX_SCRIPT_SETTLEMENTS) {
        calls.push(this.#turns(place, moves, some.slice(from, from + MAX_SCRIPT_SETTLEMENTS), standings));
      }
    }
    await Promise.all(calls);
    return waiting.map(({ ref }) => standings.get(ref) ?? "moved");
  }

  /** Lets any instance have what this one owns, known or not. @throws ChappeError */
  async leave(place: SubscriptionPlace): Promise<void> {
    const { scripts, wakeUps, instance } = this.#options;
    const { keys, group } = place;
    const args = [group, instance, keys.wakes, wakeUps.servedHere(keys.wakes), this.#wakeUp];
    // What comes into doubt from here on stays so.
    place.doubt = undefined;
    try {
      await scripts.run("leave", [keys.stream, keys.retries, keys.handed, keys.subscription], args);
    } catch (error) {
      place.doubt = everythingInDoubt();
      throw error;
    }
  }

  /** Notes how some stand that were claimed under one number of moves. */
  async #turns(
    place: SubscriptionPlace,
    moves: number,
    waiting: readonly Waiting[],
    standings: Map<string, Standing>,
  ): Promise<void> {
    const { scripts, wakeUps, instance } = this.#options;
    const { stream, handed, meta, wakes } = place.keys;
    const args = [place.group, instance, moves, wakes, wakeUps.servedHere(wakes), this.#wakeUp];
    for (const { ref, after } of waiting) args.push(idOf(ref), idOf(after));
    const answer = await scripts.run("turns", place.isTopic ? [stream, handed, meta] : [stream, handed], args);
    if (!isMoved(place, answer)) {
      waiting.forEach(({ ref }, index) => standings.set(ref, String((answer as readonly Reply[])[index]) as Standing));
    }
  }

  async #settle(
    place: SubscriptionPlace,
    moves: number,
    settlements: readonly Settlement[],
  ): Promise<readonly string[]> {
    const { scripts, wakeUps, instance, retention } = this.#options;
    const { stream, retries, waiting, dead, subscription, progress, meta, wakes } = place.keys;
    const claimed = place.isTopic ? moves : "";
    const args: Argument[] = [place.group, instance, claimed, wakes, wakeUps.servedHere(wakes), this.#wakeUp];
    args.push(retention.deadLetters, retention.deadLetterMs);
    for (const settlement of settlements) {
      addSettlement(args, settlement, marksFor(place, settlement));
      const again = settlement.action === "return" ? 0 : earliest(settlement);
      place.takeAtMs = Math.min(place.takeAtMs, performance.now() + again);
    }
    const keys = [stream, retries, waiting, dead, subscription, progress];
    const answer = await scripts.run("settle", place.isTopic ? [...keys, meta] : keys, args);
    const lost = isMoved(place, answer)
      ? settlements.map(({ ref }) => ref)
      : (answer as readonly Reply[]).map((id) => refOf(String(id), moves));
    for (const { ref, action } of settlements) if (action !== "keep") place.noted.delete(ref);
    for (const ref of lost) place.noted.delete(ref);
    return lost;
  }
}

/** Whether an answer says that the subscription was moved. Then this instance may own what it does not know of. */
function isMoved(place: SubscriptionPlace, answer: Reply): boolean {
  if (Array.isArray(answer)) return false;
  place.doubt = everythingInDoubt();
  return true;
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
  args.push(idOf(ref), action, ...marked, ackedMessages, expiredMessages, retries.length, deadLetters.length);
  for (const retry of retries) args.push(Math.ceil(retry.delayMs), retry.count, packEntry(retry));
  for (const letter of deadLetters) {
    args.push(
      letter.count,
      letter.reason,
      packEntry({ ...letter, attempt: letter.attempts, crashes: 0, redriven: false }),
    );
  }
}
