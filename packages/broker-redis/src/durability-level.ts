import type { AppendResult } from "@chappe/broker";
import { type Batch, ChappeError, type Durability } from "@chappe/message";
import { DurabilityBarrier } from "./durability-barrier.ts";
import { RedisConnection } from "./redis-connection.ts";
import type { KeyHolder } from "./redis-servers.ts";
import { readServerFacts, type ServerFacts, whyNotDurable } from "./server-facts.ts";

/** What a {@link DurabilityLevel} works with. */
export interface DurabilityLevelOptions {
  readonly durability: Durability;
  /** The server that is waited for, as it was found. */
  readonly holder: KeyHolder;
  readonly timeoutMs: number;
  /** Stores batches; all is written before it returns. */
  readonly append: (batches: readonly Batch[]) => Promise<readonly AppendResult[]>;
  /** Who has a key now; undefined while nobody is known to. */
  readonly holderOf: (key: string) => KeyHolder | undefined;
}

/** One durability on one server, with a connection that waits for it. */
export class DurabilityLevel {
  /** Name of the server, on a cluster. */
  readonly node: string;
  readonly #options: DurabilityLevelOptions;
  readonly #connection: RedisConnection;
  readonly #barrier: DurabilityBarrier;
  /** Resolved when the first attempt to connect has ended, well or not. */
  readonly #tried = Promise.withResolvers<void>();
  /** What the server has said of itself last, on the connection that there is. */
  #facts: ServerFacts | undefined;
  #asking: Promise<ServerFacts> | undefined;

  constructor(options: DurabilityLevelOptions) {
    const { durability, holder, timeoutMs } = options;
    const { reached } = holder;
    const changed = () => {
      this.#facts = undefined;
      this.#tried.resolve();
    };
    this.node = holder.node;
    this.#options = options;
    // It owes an answer for as long as it waits.
    const patient = { ...reached, silenceMs: reached.silenceMs + timeoutMs, name: `${reached.name}-${durability}` };
    this.#connection = new RedisConnection(patient, { onReady: changed, onLost: changed });
    this.#barrier = new DurabilityBarrier({ connection: this.#connection, durability, timeoutMs });
  }

  /**
   * Appends batches, and answers when the durability is reached.
   *
   * @param keys for each batch one that may be written, in its slot
   * @throws ChappeError, with nothing stored, when this server cannot give the durability
   */
  async append(batches: readonly Batch[], keys: readonly string[]): Promise<readonly AppendResult[]> {
    const { durability, append, holderOf } = this.#options;
    const before = this.#usableFacts() ?? (await this.#ask());
    const problem = whyNotDurable(before, durability);
    if (problem !== undefined) {
      // With sentinels, another server is the primary.
      if (!before.isPrimary) this.#connection.leaveReplica();
      throw problem;
    }
    const holders = keys.map((key) => holderOf(key));
    const results = await append(batches);
    const stored = new Set<string>();
    for (const [index, key] of keys.entries()) {
      if (!results[index]?.ok) continue;
      if (this.#hasAnswered(before, holders[index], holderOf(key))) stored.add(key);
    }
    const refused = await this.#prove(before, stored);
    return results.map((result, index) => {
      const key = keys[index] as string;
      if (!result.ok) return result;
      const error = stored.has(key) ? refused.get(key) : this.#replaced();
      return error === undefined ? { ...result, durability } : { ok: false, error };
    });
  }

  close(): Promise<void> {
    this.#tried.resolve();
    return this.#connection.close();
  }

  /** Undefined when there are none, when they refuse, or when others wait for newer ones and must not be overtaken. */
  #usableFacts(): ServerFacts | undefined {
    if (this.#asking !== undefined || this.#facts === undefined) return undefined;
    return whyNotDurable(this.#facts, this.#options.durability) === undefined ? this.#facts : undefined;
  }

  #ask(): Promise<ServerFacts> {
    this.#asking ??= this.#tried.promise
      .then(() => readServerFacts(this.#connection))
      .then((facts) => (this.#facts = facts))
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  /** Whether what was sent to the holder of a key, and has just been answered, was so by the server that is waited for. */
  #hasAnswered({ runId }: ServerFacts, then: KeyHolder | undefined, now: KeyHolder | undefined): boolean {
    if (now === undefined || now.node !== this.node || now.moves !== then?.moves) return false;
    // Through sentinels, or a name, two connections may lead to two servers.
    if (now.runId !== undefined && now.runId !== runId) {
      this.#connection.remake(new Error("this is not the Redis that stores"));
    }
    return now.runId === runId;
  }

  /** Which of the keys the server had at the end no longer, or all when nothing is proven; and why. */
  async #prove(before: ServerFacts, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, ChappeError>> {
    if (keys.size === 0) return new Map();
    const unproven = new Map<string, ChappeError>();
    try {
      const { facts, refused } = await this.#barrier.pass(before, keys);
      this.#facts = facts;
      const isSame = facts.runId === before.runId && facts.replicationId === before.replicationId;
      for (const key of keys) {
        const error = refused.get(key);
        if (!isSame) unproven.set(key, this.#replaced());
        else if (error !== undefined) unproven.set(key, storedAlready(error));
      }
    } catch (error) {
      // The level is not what it was, perhaps: ask before more is stored.
      this.#facts = undefined;
      for (const key of keys) unproven.set(key, storedAlready(ChappeError.from(error)));
    }
    return unproven;
  }

  #replaced(): ChappeError {
    const { durability } = this.#options;
    const message = `durability "${durability}": Redis was restarted or replaced meanwhile`;
    return new ChappeError("UNAVAILABLE", `${message}; the message may be lost or still arrive`);
  }
}

/** Whatever it was, the batch is stored: it is for the resend to be refused. */
function storedAlready(cause: ChappeError): ChappeError {
  return new ChappeError("UNAVAILABLE", `${cause.message}; the message is stored, and may still arrive`, { cause });
}
