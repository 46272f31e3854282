import { type CallFrame, CostLedger, type CostSummary } from "./self-cost.ts";

/** The parts of a V8 CPU profile (`Profiler.Profile` of Chrome's developer protocol) that count here. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  /** Id of the node at work, sample by sample. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** Where the time of a process went, in microseconds; the time in which it waited stands apart. */
export function summarizeCpu({ nodes, samples, timeDeltas }: CpuProfile): CostSummary & { readonly idle: number } {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const ledger = new CostLedger();
  let idle = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (frame === undefined) return;
    // A delta leads up to its sample, so it is the time of that sample's function.
    const micros = Math.max(0, timeDeltas[index] ?? 0);
    if (frame.functionName === "(idle)") idle += micros;
    else ledger.add(frame, micros);
  });
  return { ...ledger.summary(), idle };
}
