import { type CallFrame, CostLedger, type CostSummary } from "./self-cost.ts";

/** The parts of a V8 CPU profile (`Profiler.Profile` of Chrome's developer protocol) that count here. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  /** Id of the node at work, sample by sample. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** Where the time of processes went, in microseconds. */
export interface CpuSummary extends CostSummary {
  /** Time in which they waited. */
  readonly idle: number;
  /** Share of its time that each of them was at work. */
  readonly busy: readonly number[];
}

/** Where the time of processes went, all of them together; the time in which they waited stands apart. */
export function summarizeCpu(profiles: readonly CpuProfile[]): CpuSummary {
  const ledger = new CostLedger();
  let idle = 0;
  const busy = profiles.map((profile) => {
    const before = ledger.total;
    const waited = addProfile(ledger, profile);
    idle += waited;
    const worked = ledger.total - before;
    return worked / Math.max(1, worked + waited);
  });
  return { ...ledger.summary(), idle, busy };
}

/** @returns the time in which it waited */
function addProfile(ledger: CostLedger, { nodes, samples, timeDeltas }: CpuProfile): number {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  let idle = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (frame === undefined) return;
    // A delta leads up to its sample, so it is the time of that sample's function.
    const micros = Math.max(0, timeDeltas[index] ?? 0);
    if (frame.functionName === "(idle)") idle += micros;
    else ledger.add(frame, micros);
  });
  return idle;
}
