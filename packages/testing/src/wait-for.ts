import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";

/** How `waitFor` waits. */
export interface WaitForOptions {
  /** When to give up, in milliseconds. Default 5,000; raise it for what starts processes. */
  readonly deadlineMs?: number;
  /** What is waited for, for the error. Default: the condition's source text. */
  readonly describe?: string;
  /** How long to pause between two looks, in milliseconds. Default: 3, after some turns of the event loop without. */
  readonly everyMs?: number;
}

/** Turns of the event loop to try before pausing: most conditions of a test come true within a few. */
const eagerTurns = 20;
const pauseMs = 3;

/**
 * Waits until `condition` returns something truthy, and returns that. Unlike a sleep it takes no longer than needed
 * and does not fail on a slow machine. A condition that throws counts as not yet true.
 *
 * @throws Error after the deadline, with what was waited for and the last value or error seen.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitForOptions = {},
): Promise<NonNullable<T>> {
  const { deadlineMs = 5_000, describe = condition.toString(), everyMs } = options;
  const deadline = performance.now() + deadlineMs;
  for (let turn = 0; ; turn++) {
    let last: unknown;
    try {
      const value = await condition();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`Not so after ${deadlineMs} ms: ${describe}. Last seen: ${inspect(last)}`);
    }
    await (everyMs === undefined && turn < eagerTurns ? nextTurn() : delay(everyMs ?? pauseMs));
  }
}
