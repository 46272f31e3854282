import { ChappeError, type Durability, replicasOf } from "@chappe/message";
import type { Argument } from "./encode-command.ts";
import type { Reply } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { readServerFacts, type ServerFacts, whyNotDurable } from "./server-facts.ts";

/** What a {@link DurabilityBarrier} works with. */
export interface BarrierOptions {
  /** Of its own: it is blocked while it waits. */
  readonly connection: RedisConnection;
  readonly durability: Durability;
  /** How long one wait may take, milliseconds. */
  readonly timeoutMs: number;
}

/** What has come of a wait. */
export interface Passage {
  /** What the server says of itself at its end: whether it is still the one that carried all out is the caller's to compare. */
  readonly facts: ServerFacts;
  /** Keys that the server did not write: what was asked for behind them is not proven, but all else is. */
  readonly refused: ReadonlyMap<string, ChappeError>;
}

/** The keys go by themselves, at once: nobody reads them. */
const KEY_MS = 1;

interface Wait {
  readonly command: readonly Argument[];
  readonly needed: number;
}

/**
 * Waits until all that one Redis carried out so far is on replicas, or on its disk.
 *
 * WAIT and WAITAOF ask for the writes of their own connection alone. So it writes something small, which comes after all
 * that was answered elsewhere, and waits for that. One wait is under way at a time; who comes meanwhile shares the next.
 *
 * What it writes is new each time, and in the slots of those who wait: a node of a cluster refuses that when a slot has
 * left it, and also while it is leaving, when some of its keys are elsewhere already.
 */
export class DurabilityBarrier {
  readonly #options: BarrierOptions;
  #underWay: Promise<Passage> | undefined;
  #next: { readonly keys: Set<string>; readonly passage: Promise<Passage> } | undefined;
  #written = 0;

  constructor(options: BarrierOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all that was carried out before this call has the durability.
   *
   * @param facts what is known of the server so far
   * @param keys what may be written, one in each slot that is waited for
   * @throws ChappeError UNAVAILABLE when that was not reached in time, or cannot be told; FAILED_PRECONDITION when this
   * Redis cannot give it
   */
  pass(facts: ServerFacts, keys: Iterable<string>): Promise<Passage> {
    if (this.#underWay === undefined) return this.#begin(facts, new Set(keys));
    const next = (this.#next ??= this.#behind(this.#underWay, facts));
    for (const key of keys) next.keys.add(key);
    return next.passage;
  }

  #behind(underWay: Promise<Passage>, facts: ServerFacts) {
    const keys = new Set<string>();
    const begin = () => this.#begin(facts, keys);
    return { keys, passage: underWay.then(begin, begin) };
  }

  #begin(facts: ServerFacts, keys: ReadonlySet<string>): Promise<Passage> {
    this.#next = undefined;
    const wait = this.#wait(facts, keys).finally(() => {
      if (this.#underWay === wait) this.#underWay = undefined;
    });
    this.#underWay = wait;
    return wait;
  }

  /** All is written at once; what the server says of itself last covers the wait, too. */
  async #wait({ hasWaitAof }: ServerFacts, keys: ReadonlySet<string>): Promise<Passage> {
    const { connection, durability, timeoutMs } = this.#options;
    const wait = waitFor(durability, hasWaitAof, timeoutMs);
    const refused = new Map<string, ChappeError>();
    for (const key of keys) {
      const write = connection.call("SET", `${key}/${durability}-${++this.#written}`, "", "PX", KEY_MS);
      write.catch((error: unknown) => refused.set(key, ChappeError.from(error)));
    }
    const answered = wait && connection.call(...wait.command);
    const [answer, facts] = await Promise.all([answered, readServerFacts(connection)]);
    const reached = reachedBy(answer);
    if (wait !== undefined && reached >= wait.needed) return { facts, refused };
    const problem = whyNotDurable(facts, durability);
    if (problem !== undefined) throw problem;
    if (wait === undefined) return { facts, refused };
    const confirmed = durability === "fsynced" ? "the disk has not" : `${reached} of ${wait.needed} replicas have`;
    throw new ChappeError("UNAVAILABLE", `durability "${durability}": ${confirmed} confirmed within ${timeoutMs} ms`);
  }
}

/** Undefined when the server's answers alone say enough: with `appendfsync always` they come after the disk's. */
function waitFor(durability: Durability, hasWaitAof: boolean, timeoutMs: number): Wait | undefined {
  const replicas = replicasOf(durability);
  if (replicas > 0) return { command: ["WAIT", replicas, timeoutMs], needed: replicas };
  return hasWaitAof ? { command: ["WAITAOF", 1, 0, timeoutMs], needed: 1 } : undefined;
}

/** WAIT answers with the replicas, WAITAOF with this server's own disk, then those of replicas. */
function reachedBy(answer: Reply | undefined): number {
  return Number(Array.isArray(answer) ? answer[0] : answer);
}
