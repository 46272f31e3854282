/**
 * A thread that ticks. Timers of an event loop are a millisecond coarse, which would hide latencies below it; the futex
 * that this thread sleeps on is not.
 */
import { parentPort, workerData } from "node:worker_threads";

const { intervalMicros } = workerData as { readonly intervalMicros: number };
const nothing = new Int32Array(new SharedArrayBuffer(4));

for (let due = performance.now(); ; due += intervalMicros / 1_000) {
  const pauseMs = due - performance.now();
  if (pauseMs > 0) Atomics.wait(nothing, 0, 0, pauseMs);
  parentPort?.postMessage(null);
}
