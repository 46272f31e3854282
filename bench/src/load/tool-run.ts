import type { Percentiles } from "../result-schema.ts";
import type { LoadOptions } from "./load-options.ts";
import type { LoadTarget } from "./load-system.ts";

/** What a tool says of one run. */
export interface ToolRun {
  /** Messages that were answered as stored, by worker: its first so many. Workers are counted by the tool. */
  readonly stored: readonly number[];
  readonly messagesPerSecond: number;
  /** From a call until its answer, as the tool measures it. */
  readonly latencyMicros: Percentiles | null;
}

/** What one run is asked for. */
interface ToolRunPlan {
  readonly target: LoadTarget;
  readonly seconds: number;
  /** Its figures do not count. */
  readonly warmUp: boolean;
}

/** A load by somebody else's tool. */
export interface Load {
  readonly tool: "ghz" | "k6" | "autocannon";
  /** Name of the case. */
  readonly name: string;
  readonly options: LoadOptions & Readonly<Record<string, string | number>>;
  /** Whether it needs the router's HTTP. */
  readonly http: boolean;
  /** Runs the tool once. @throws Error with the tool's words when a call failed, or its own checks did */
  run(plan: ToolRunPlan): Promise<ToolRun>;
}
