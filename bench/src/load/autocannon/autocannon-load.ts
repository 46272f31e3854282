import { setTimeout as delay } from "node:timers/promises";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { microsHistogram, percentilesOf } from "../../percentiles.ts";
import { MeasuredProcess } from "../../process/measured-process.ts";
import type { AutocannonOptions } from "../load-options.ts";
import type { Load, ToolRun } from "../tool-run.ts";
import type { AutocannonPlan, AutocannonReport } from "./autocannon-plan.ts";

const program = new URL("./autocannon-program.ts", import.meta.url);

/**
 * Posts to `/v1/messages` by autocannon. Its workers are processes, not autocannon's own threads, which would tell
 * latencies in whole milliseconds, and each send at the rate of all.
 */
export function autocannonLoad(options: AutocannonOptions): Load {
  const { bodyBytes, connections, pipelining, rate } = options;
  return {
    tool: "autocannon",
    name: "chappe/load/autocannon/http",
    options,
    http: true,
    async run({ target, seconds, warmUp }) {
      const { http, receiver } = target;
      if (http === undefined) throw new Error("the router serves no HTTP");
      const shares = sharesOf(options);
      // A message under way when the time is over may arrive later, when another run is on: that has other numbers.
      let firstWorker = warmUp ? connections : 0;
      const plans = shares.map((share): AutocannonPlan => {
        const shareOfRate = rate === "max" ? rate : (rate * share) / connections;
        const plan = {
          http,
          receiver,
          bodyBytes,
          pipelining,
          rate: shareOfRate,
          seconds,
          connections: share,
          firstWorker,
        };
        firstWorker += share;
        return plan;
      });
      return together(plans, await Promise.all(plans.map(runInProcess)));
    },
  };
}

/** How many of the connections each worker has. */
function sharesOf({ connections, workers }: Pick<AutocannonOptions, "connections" | "workers">): number[] {
  const least = Math.floor(connections / workers);
  return Array.from({ length: workers }, (_, index) => least + (index < connections % workers ? 1 : 0));
}

async function runInProcess(plan: AutocannonPlan): Promise<AutocannonReport> {
  await using worker = new MeasuredProcess("autocannon", program);
  await worker.ask("start", plan);
  await delay(plan.seconds * 1_000);
  const report = await worker.ask<AutocannonReport>("report");
  await worker.stop();
  return report;
}

function together(plans: readonly AutocannonPlan[], reports: readonly AutocannonReport[]): ToolRun {
  const failed = reports.find(({ failures }) => failures !== undefined);
  if (failed !== undefined) throw new Error(`autocannon: ${failed.failures}`);
  const stored: number[] = Array.from({ length: plans[0]?.firstWorker ?? 0 }, () => 0);
  const latency = microsHistogram();
  let perSecond = 0;
  for (const report of reports) {
    stored.push(...report.stored);
    latency.add(decodeFromCompressedBase64(report.latency));
    perSecond += report.stored.reduce((sum, count) => sum + count, 0) / report.seconds;
  }
  return { stored, messagesPerSecond: perSecond, latencyMicros: percentilesOf(latency) };
}
