import type { Settlement } from "@chappe/broker";
import { byMoves, idOf, refOf } from "./entry-ref.ts";
import type { Reply } from "./redis-client.ts";
import { translateRedisError } from "./redis-errors.ts";
import type { Scripts } from "./scripts.ts";
import { everythingInDoubt, type SubscriptionPlace } from "./subscription-place.ts";

/**
 * Acks wait this long for others. Nobody waits for them, and a Redis that is told of each alone spends half of its time on
 * it when there is little to do. A router that is killed has these messages delivered again, as it has those whose batch is
 * not whole yet.
 */
const LINGER_MS = 5;

/** One script call holds up Redis for all it lets go of. */
const MAX_SCRIPT_ENTRIES = 256;

/** What waits to go out in one call. */
interface Group {
  readonly waiting: Waiting[];
  entries: number;
}

interface Waiting {
  readonly place: SubscriptionPlace;
  /** How often the subscription had been moved when the entries were claimed. */
  readonly moves: number;
  readonly settlements: readonly Settlement[];
  readonly resolve: (lost: readonly string[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Lets go of acked entries, those of many subscriptions together. */
export class Acks {
  readonly #scripts: Scripts;
  readonly #instance: string;
  /** By scope. */
  readonly #groups = new Map<number, Group>();
  #timer: NodeJS.Timeout | undefined;

  constructor(scripts: Scripts, instance: string) {
    this.#scripts = scripts;
    this.#instance = instance;
  }

  /** Carries out removals of entries that were acked whole. Returns refs that this instance does not own. @throws ChappeError */
  async settle(place: SubscriptionPlace, settlements: readonly Settlement[]): Promise<readonly string[]> {
    const calls: Promise<readonly string[]>[] = [];
    for (const [moves, some] of byMoves(settlements)) {
      for (let from = 0; from < some.length; from += MAX_SCRIPT_ENTRIES) {
        calls.push(this.#add(place, moves, some.slice(from, from + MAX_SCRIPT_ENTRIES)));
      }
    }
    return calls.length === 1 ? (calls[0] as Promise<readonly string[]>) : (await Promise.all(calls)).flat();
  }

  #add(place: SubscriptionPlace, moves: number, settlements: readonly Settlement[]): Promise<readonly string[]> {
    let group = this.#groups.get(place.scope);
    if (group !== undefined && group.entries + settlements.length > MAX_SCRIPT_ENTRIES) {
      void this.#send(group.waiting);
      group = undefined;
    }
    if (group === undefined) this.#groups.set(place.scope, (group = { waiting: [], entries: 0 }));
    group.entries += settlements.length;
    this.#timer ??= setTimeout(() => this.flush(), LINGER_MS);
    const { waiting } = group;
    return new Promise((resolve, reject) => waiting.push({ place, moves, settlements, resolve, reject }));
  }

  /** Tells Redis now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { waiting } of this.#groups.values()) void this.#send(waiting);
    this.#groups.clear();
  }

  async #send(waiting: readonly Waiting[]): Promise<void> {
    const keys: string[] = [];
    const args: (string | number)[] = [this.#instance];
    for (const { place, moves, settlements } of waiting) {
      const { group, isTopic } = place;
      keys.push(place.keys.stream, place.keys.subscription);
      if (isTopic) keys.push(place.keys.meta);
      args.push(group, isTopic ? moves : "", settlements.length);
      for (const { ref, ackedMessages } of settlements) args.push(idOf(ref), ackedMessages);
    }
    try {
      const answers = (await this.#scripts.run("ack", keys, args)) as readonly (readonly Reply[] | Buffer | Error)[];
      waiting.forEach(({ place, moves, settlements, resolve, reject }, index) => {
        const answer = answers[index];
        if (Array.isArray(answer)) resolve(answer.map((id) => refOf(String(id), moves)));
        else if (answer instanceof Error) reject(translateRedisError(answer));
        else {
          place.doubt = everythingInDoubt();
          resolve(settlements.map(({ ref }) => ref));
        }
      });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
