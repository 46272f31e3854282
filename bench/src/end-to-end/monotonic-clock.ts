/**
 * Makes a clock that all processes of one machine share: microseconds of the kernel's monotonic clock. Wall clocks would
 * jump, and each process has its own zero of `performance.now()`.
 */
export function monotonicClock(): () => number {
  const zeroMicros = Number(process.hrtime.bigint()) / 1_000 - performance.now() * 1_000;
  return () => zeroMicros + performance.now() * 1_000;
}
