/** On a busy machine the process may be put aside between two readings; hardly each of so many times. */
const TRIES = 50;

/**
 * Makes a clock that all processes of one machine share: microseconds of the kernel's monotonic clock. Wall clocks would
 * jump, and each process has its own zero of `performance.now()`.
 */
export function monotonicClock(): () => number {
  let zeroMicros = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES; tries++) {
    const before = performance.now() * 1_000;
    const shared = Number(process.hrtime.bigint()) / 1_000;
    const after = performance.now() * 1_000;
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    zeroMicros = shared - (before + after) / 2;
  }
  return () => zeroMicros + performance.now() * 1_000;
}
