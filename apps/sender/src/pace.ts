import { setTimeout as sleep } from "node:timers/promises";

/** Says when each message is due, and waits for it. */
export interface Pace {
  /**
   * Resolves with the time the message was due, in milliseconds of `performance.now()`; at once when it is due already.
   *
   * @throws AbortError when the signal fires first
   */
  due(signal: AbortSignal): Promise<number> | number;
}

/** Every message is due when it is asked for. */
export function unpaced(): Pace {
  return { due: () => performance.now() };
}

/**
 * An open loop: message n is due n / `perSecond` seconds after the first one, however long the earlier ones take. One
 * that is late goes out at once, and its latency counts from when it was due. Waiting for slow answers instead would
 * hide them from the latencies ("coordinated omission").
 */
export function openLoop(perSecond: number): Pace {
  let count = 0;
  let startedAt: number | undefined;

  return {
    due(signal) {
      startedAt ??= performance.now();
      const dueAt = startedAt + (count * 1000) / perSecond;
      count += 1;
      return performance.now() < dueAt ? until(dueAt, signal) : dueAt;
    },
  };
}

/** A timer may fire a millisecond or more before its time; a message must not leave before it is due. */
async function until(dueAt: number, signal: AbortSignal): Promise<number> {
  for (let waitMs = dueAt - performance.now(); waitMs > 0; waitMs = dueAt - performance.now()) {
    await sleep(Math.ceil(waitMs), undefined, { signal });
  }
  return dueAt;
}
