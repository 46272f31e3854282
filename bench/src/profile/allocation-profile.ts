import { type CallFrame, CostLedger, type CostSummary } from "./self-cost.ts";

/** The parts of a sampled heap profile (`HeapProfiler.SamplingHeapProfile`) that count here. */
export interface AllocationProfile {
  readonly head: AllocationNode;
}

interface AllocationNode {
  readonly callFrame: CallFrame;
  /** Bytes allocated by this function itself, called this way. */
  readonly selfSize: number;
  readonly children: readonly AllocationNode[];
}

/** Who allocated how many bytes of V8's heap, in processes together. Memory of buffers lies outside of it, and is not here. */
export function summarizeAllocations(profiles: readonly AllocationProfile[]): CostSummary {
  const ledger = new CostLedger();
  const waiting = profiles.map(({ head }) => head);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.selfSize > 0) ledger.add(node.callFrame, node.selfSize);
    waiting.push(...node.children);
  }
  return ledger.summary();
}
