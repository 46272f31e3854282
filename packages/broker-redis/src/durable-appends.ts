import type { AppendResult } from "@chappe/broker";
import { type Batch, ChappeError, type Durability } from "@chappe/message";
import { DurabilityBarrier } from "./durability-barrier.ts";
import { type ConnectionHandlers, type ConnectionOptions, RedisConnection } from "./redis-connection.ts";
import { readServerFacts, type ServerFacts, whyNotDurable } from "./server-facts.ts";

/** What {@link DurableAppends} work with. */
export interface DurableAppendsOptions {
  /** How the connections that wait are made. */
  readonly connection: ConnectionOptions;
  /** What the barriers may write. */
  readonly key: string;
  readonly timeoutMs: number;
  /** Stores batches; all is written before it returns. */
  readonly append: (batches: readonly Batch[]) => Promise<readonly AppendResult[]>;
  /** Run id of the server that `append` is connected to; undefined while nobody knows. */
  readonly runId: () => string | undefined;
}

/** Appends that are answered when replicas, or the disk, have them. Each durability waits on a connection of its own. */
export class DurableAppends {
  readonly #options: DurableAppendsOptions;
  readonly #levels = new Map<Durability, DurabilityLevel>();

  constructor(options: DurableAppendsOptions) {
    this.#options = options;
  }

  /**
   * Appends batches, in the order of the calls of one durability, and answers when it is reached: duplicates as well, for
   * a batch that is stored need not be safe yet.
   *
   * @throws ChappeError, with nothing stored, FAILED_PRECONDITION when this Redis cannot give the durability; UNAVAILABLE
   * when it cannot now
   */
  append(batches: readonly Batch[], durability: Durability): Promise<readonly AppendResult[]> {
    let level = this.#levels.get(durability);
    if (level === undefined) this.#levels.set(durability, (level = new DurabilityLevel(durability, this.#options)));
    return level.append(batches);
  }

  /** Closes every connection; who waits is answered with UNAVAILABLE. */
  async close(): Promise<void> {
    await Promise.all([...this.#levels.values()].map((level) => level.close()));
  }
}

class DurabilityLevel {
  readonly #durability: Durability;
  readonly #options: DurableAppendsOptions;
  readonly #connection: RedisConnection;
  readonly #barrier: DurabilityBarrier;
  /** Resolved when the first attempt to connect has ended, well or not. */
  readonly #tried = Promise.withResolvers<void>();
  /** What the server has said of itself last, on the connection that there is. */
  #facts: ServerFacts | undefined;
  #asking: Promise<ServerFacts> | undefined;

  constructor(durability: Durability, options: DurableAppendsOptions) {
    const { connection, key, timeoutMs } = options;
    const handlers: ConnectionHandlers = {
      onReady: () => {
        this.#facts = undefined;
        this.#tried.resolve();
      },
      onLost: () => {
        this.#facts = undefined;
        this.#tried.resolve();
      },
    };
    this.#durability = durability;
    this.#options = options;
    // It owes an answer for as long as it waits.
    const patient = { ...connection, silenceMs: connection.silenceMs + timeoutMs };
    this.#connection = new RedisConnection({ ...patient, name: `${connection.name}-${durability}` }, handlers);
    this.#barrier = new DurabilityBarrier({ connection: this.#connection, durability, key, timeoutMs });
  }

  async append(batches: readonly Batch[]): Promise<readonly AppendResult[]> {
    const before = this.#usableFacts() ?? (await this.#ask());
    const problem = whyNotDurable(before, this.#durability);
    if (problem !== undefined) throw problem;
    const results = await this.#options.append(batches);
    if (!results.some(({ ok }) => ok)) return results;
    const error = await this.#prove(before, this.#options.runId());
    return results.map((result) => {
      if (!result.ok) return result;
      return error === undefined ? { ...result, durability: this.#durability } : { ok: false, error };
    });
  }

  close(): Promise<void> {
    this.#tried.resolve();
    return this.#connection.close();
  }

  /** Undefined when there are none, when they refuse, or when others wait for newer ones and must not be overtaken. */
  #usableFacts(): ServerFacts | undefined {
    if (this.#asking !== undefined || this.#facts === undefined) return undefined;
    return whyNotDurable(this.#facts, this.#durability) === undefined ? this.#facts : undefined;
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

  /** Why what was appended to the server of `runId` is not known to be safe. */
  async #prove(before: ServerFacts, runId: string | undefined): Promise<ChappeError | undefined> {
    try {
      const after = await this.#barrier.pass(before);
      this.#facts = after;
      const isSame = runId === before.runId && after.runId === runId && after.replicationId === before.replicationId;
      if (isSame) return undefined;
      return new ChappeError(
        "UNAVAILABLE",
        `durability "${this.#durability}": Redis was restarted or replaced meanwhile; the message may be lost or still arrive`,
      );
    } catch (error) {
      // The level is not what it was, perhaps: ask before more is stored.
      this.#facts = undefined;
      const { message } = ChappeError.from(error);
      // Whatever it was, the batch is stored: it is for the resend to be refused.
      return new ChappeError("UNAVAILABLE", `${message}; the message is stored, and may still arrive`, {
        cause: error,
      });
    }
  }
}
