import { readdirSync } from "node:fs";
import type { System } from "../end-to-end/system.ts";
import { processUsageReader } from "../process/process-usage.ts";

/** What is watched of one process, or of what Redis holds. */
export interface Watched {
  /** Such as "router resident memory". */
  readonly what: string;
  readonly unit: "bytes" | "handles";
  readonly value: number;
}

/**
 * Makes the taker of samples: memory and open handles (files, sockets, pipes) of each process, and the memory that Redis
 * has allocated. Linux only: it reads /proc.
 */
export function sampleTaker(system: System): () => Promise<Watched[]> {
  const usageOf = processUsageReader();
  const ends = [...system.senders, ...system.receivers].map(({ role, pid }) => ({ role, pids: () => [pid] }));
  return async () => {
    const watched: Watched[] = [];
    for (const { role, pids } of [...system.servers, ...ends]) {
      for (const pid of pids()) {
        watched.push({ what: `${role} resident memory`, unit: "bytes", value: usageOf(pid).residentBytes });
        watched.push({ what: `${role} handles`, unit: "handles", value: readdirSync(`/proc/${pid}/fd`).length });
      }
    }
    if (system.redis !== undefined) {
      watched.push({ what: "redis used memory", unit: "bytes", value: await system.redis.usedMemoryBytes() });
    }
    return watched;
  };
}
