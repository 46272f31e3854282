import { ChappeError } from "@chappe/message";
import type { CallScope } from "./call-scope.ts";
import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

/** Publishing may fill this share of `maxmemory`. The rest is for settling: retries, dead letters, who holds what. */
const SHARE = 0.95;

/** How often Redis is asked, while something is published. */
const LOOK_MS = 1_000;

interface Memory {
  lookedAtMs: number;
  usedBytes: number;
  /** 0: no limit. */
  maxBytes: number;
}

/** Knows whether Redis' memory is nearly used up, as of a second ago. */
export class MemoryGuard {
  readonly #scripts: Scripts;
  readonly #keys: Keys;
  readonly #scopeOf: CallScope;
  /** By scope: on a cluster, each node has memory of its own. */
  readonly #memories = new Map<number, Memory>();

  constructor(scripts: Scripts, keys: Keys, scopeOf: CallScope) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#scopeOf = scopeOf;
  }

  /** Whether publishing to the partition should be refused. Asks Redis for the next time, when the last was a while ago. */
  isFull(partition: number): boolean {
    const memory = this.#of(partition);
    const nowMs = performance.now();
    if (nowMs - memory.lookedAtMs >= LOOK_MS) {
      memory.lookedAtMs = nowMs;
      void this.#look(partition, memory);
    }
    return memory.maxBytes > 0 && memory.usedBytes >= memory.maxBytes * SHARE;
  }

  /** The RESOURCE_EXHAUSTED that refuses a batch. */
  error(partition: number): ChappeError {
    const { usedBytes, maxBytes } = this.#of(partition);
    return new ChappeError(
      "RESOURCE_EXHAUSTED",
      `Redis uses ${usedBytes} of ${maxBytes} bytes of memory, and publishing may fill ${SHARE * 100} % of it; try again later`,
    );
  }

  #of(partition: number): Memory {
    const scope = this.#scopeOf(partition);
    let memory = this.#memories.get(scope);
    if (memory === undefined) {
      memory = { lookedAtMs: Number.NEGATIVE_INFINITY, usedBytes: 0, maxBytes: 0 };
      this.#memories.set(scope, memory);
    }
    return memory;
  }

  async #look(partition: number, memory: Memory): Promise<void> {
    try {
      const [usedBytes, maxBytes] = (await this.#scripts.run(
        "memory",
        [this.#keys.addresses(partition)],
        [],
      )) as number[];
      Object.assign(memory, { usedBytes, maxBytes });
    } catch {
      // A Redis that cannot say so still refuses by itself what it has no memory for.
      memory.maxBytes = 0;
    }
  }
}
