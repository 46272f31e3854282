import { Bench } from "tinybench";
import type { CaseResult } from "../result-schema.ts";

/** One part, measured by calling it over and over in this process. */
export interface MicroBench {
  readonly name: string;
  /** How many messages one call handles. */
  readonly messages: number;
  readonly call: () => unknown;
}

const RUN_MS = 300;
const WARM_UP_MS = 100;

/** Runs it. `messagesPerSecond` counts messages, whatever number of them a call handles. */
export async function runMicro({ name, messages, call }: MicroBench): Promise<CaseResult> {
  const bench = new Bench({ time: RUN_MS, warmupTime: WARM_UP_MS, throws: true });
  let calls = 0;
  let cpu: NodeJS.CpuUsage | undefined;
  let used = { user: 0, system: 0 };
  bench.add(
    name,
    // Tinybench tells promises from values by calling it.
    call,
    {
      beforeAll: (mode) => {
        if (mode === "run") cpu = process.cpuUsage();
      },
      afterAll: (mode) => {
        if (mode === "run") used = process.cpuUsage(cpu);
      },
    },
  );
  const [task] = await bench.run();
  const result = task?.result;
  if (task === undefined || result?.state !== "completed")
    throw new Error(`${name}: ${result?.state ?? "did not run"}`);
  calls = task.runs;
  const cpuMicros = (used.user + used.system) / (calls * messages);
  return {
    name,
    messagesPerSecond: Math.round((1_000 / result.latency.mean) * messages),
    cpuMicrosPerMessage: cpuMicros,
    cpuMicrosPerMessageByProcess: {},
    latencyMicros: null,
    generatorLatenessMicros: null,
    lost: 0,
    duplicates: 0,
    outOfOrder: 0,
    counters: {},
    options: { messagesPerCall: messages },
  };
}
