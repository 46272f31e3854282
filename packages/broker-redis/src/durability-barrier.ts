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
  /** A key that may be written, in a slot that the connection serves. */
  readonly key: string;
  /** How long one wait may take, milliseconds. */
  readonly timeoutMs: number;
}

/** The key goes by itself: nobody reads it. */
const KEY_SECONDS = 60;

interface Wait {
  readonly command: readonly Argument[];
  readonly needed: number;
}

/**
 * Waits until all that one Redis carried out so far is on replicas, or on its disk.
 *
 * WAIT and WAITAOF ask for the writes of their own connection alone. So it writes something small, which comes after all
 * that was answered elsewhere, and waits for that. One wait is under way at a time; who comes meanwhile shares the next.
 */
export class DurabilityBarrier {
  readonly #options: BarrierOptions;
  #underWay: Promise<ServerFacts> | undefined;
  #next: Promise<ServerFacts> | undefined;

  constructor(options: BarrierOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all that was carried out before this call has the durability, with what the server says of itself then:
   * whether it is still the one that carried it out is the caller's to compare.
   *
   * @param facts what is known of the server so far
   * @throws ChappeError UNAVAILABLE when that was not reached in time, or cannot be told; FAILED_PRECONDITION when this
   * Redis cannot give it
   */
  pass(facts: ServerFacts): Promise<ServerFacts> {
    if (this.#underWay === undefined) return this.#begin(facts);
    this.#next ??= this.#underWay.then(
      () => this.#begin(facts),
      () => this.#begin(facts),
    );
    return this.#next;
  }

  #begin(facts: ServerFacts): Promise<ServerFacts> {
    this.#next = undefined;
    const wait = this.#wait(facts).finally(() => {
      if (this.#underWay === wait) this.#underWay = undefined;
    });
    this.#underWay = wait;
    return wait;
  }

  /** All is written at once; what the server says of itself last covers the wait, too. */
  async #wait({ hasWaitAof }: ServerFacts): Promise<ServerFacts> {
    const { connection, durability, key, timeoutMs } = this.#options;
    const wait = waitFor(durability, hasWaitAof, timeoutMs);
    const calls = [connection.call("SET", key, "", "EX", KEY_SECONDS)];
    if (wait !== undefined) calls.push(connection.call(...wait.command));
    const asked = readServerFacts(connection);
    asked.catch(() => {});
    const answer = (await Promise.all(calls))[1];
    const facts = await asked;
    const reached = reachedBy(answer);
    if (wait !== undefined && reached >= wait.needed) return facts;
    const problem = whyNotDurable(facts, durability);
    if (problem !== undefined) throw problem;
    if (wait === undefined) return facts;
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
