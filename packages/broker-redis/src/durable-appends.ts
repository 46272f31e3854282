import type { AppendResult } from "@chappe/broker";
import { type Batch, ChappeError, type Durability } from "@chappe/message";
import { DurabilityLevel, type DurabilityLevelOptions } from "./durability-level.ts";
import type { KeyHolder } from "./redis-servers.ts";

/** What {@link DurableAppends} work with. */
export interface DurableAppendsOptions extends Omit<DurabilityLevelOptions, "durability" | "holder"> {
  /** A key in the slot of an address, or on one server any key, that the barriers may write. */
  readonly barrierOf: (address: string) => string;
}

/** Batches of one call that one server stores. */
interface Share {
  readonly holder: KeyHolder;
  readonly batches: Batch[];
  readonly keys: string[];
  /** Where the batches' answers belong. */
  readonly places: number[];
}

/** Appends that are answered when replicas, or the disk, have them: those of the server that stored them, each. */
export class DurableAppends {
  readonly #options: DurableAppendsOptions;
  /** By durability and node. */
  readonly #levels = new Map<string, DurabilityLevel>();

  constructor(options: DurableAppendsOptions) {
    this.#options = options;
  }

  /**
   * Appends batches, in the order of the calls of one durability, and answers when it is reached: duplicates as well, for
   * a batch that is stored need not be safe yet.
   *
   * @throws ChappeError, with nothing stored, FAILED_PRECONDITION when this Redis cannot give the durability; UNAVAILABLE
   * when it cannot now. Where only some servers cannot, it is the answer of their batches
   */
  async append(batches: readonly Batch[], durability: Durability): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = batches.map(() => ({ ok: false, error: unheld() }));
    const shares = this.#share(batches);
    const [first, ...others] = shares;
    if (first === undefined) return results;
    if (others.length === 0 && first.batches.length === batches.length) return this.#append(first, durability);
    const answers = await Promise.allSettled(shares.map((share) => this.#append(share, durability)));
    const failed = answers.filter((answer) => answer.status === "rejected");
    if (failed.length === shares.length) throw ChappeError.from(failed[0]?.reason);
    for (const [number, { places }] of shares.entries()) {
      const answer = answers[number] as (typeof answers)[number];
      for (const [index, place] of places.entries()) {
        results[place] =
          answer.status === "fulfilled"
            ? (answer.value[index] as AppendResult)
            : { ok: false, error: ChappeError.from(answer.reason) };
      }
    }
    return results;
  }

  /** A node of a cluster is no longer used. */
  leave(node: string): void {
    for (const [name, level] of this.#levels) {
      if (level.node !== node) continue;
      this.#levels.delete(name);
      void level.close();
    }
  }

  /** Closes every connection; who waits is answered with UNAVAILABLE. */
  async close(): Promise<void> {
    await Promise.all([...this.#levels.values()].map((level) => level.close()));
  }

  /** Batches by the node that has their keys. */
  #share(batches: readonly Batch[]): Share[] {
    const { barrierOf, holderOf } = this.#options;
    const shares = new Map<string, Share>();
    for (const [place, batch] of batches.entries()) {
      const key = barrierOf(batch.header.address);
      const holder = holderOf(key);
      if (holder === undefined) continue;
      let share = shares.get(holder.node);
      if (share === undefined) shares.set(holder.node, (share = { holder, batches: [], keys: [], places: [] }));
      share.batches.push(batch);
      share.keys.push(key);
      share.places.push(place);
    }
    return [...shares.values()];
  }

  #append({ holder, batches, keys }: Share, durability: Durability): Promise<readonly AppendResult[]> {
    const name = `${durability} ${holder.node}`;
    let level = this.#levels.get(name);
    if (level === undefined) {
      this.#levels.set(name, (level = new DurabilityLevel({ ...this.#options, durability, holder })));
    }
    return level.append(batches, keys);
  }
}

function unheld(): ChappeError {
  return new ChappeError("UNAVAILABLE", "no node of the Redis cluster is known to serve this address");
}
