import { seededRandom } from "../seeded-random.ts";
import type { Fault } from "./injected/fault.ts";

/** One fault of a run, and the seed of what it draws at random. */
export interface Planned {
  readonly fault: Fault;
  readonly seed: number;
}

/**
 * Which faults a run injects, one after the other: every fault once in random order, then all again in another. Faults that
 * would not end in time are left out; the rest follows from the arguments alone.
 *
 * @param seed a whole number
 * @param minutes for all of it, recovery included
 */
export function schedule(seed: number, minutes: number, faults: readonly Fault[]): Planned[] {
  const random = seededRandom(seed);
  const planned: Planned[] = [];
  let leftSeconds = minutes * 60;
  for (;;) {
    const fitting = shuffled(faults, random).filter((fault) => {
      if (fault.seconds > leftSeconds) return false;
      leftSeconds -= fault.seconds;
      return true;
    });
    if (fitting.length === 0) return planned;
    for (const fault of fitting) planned.push({ fault, seed: Math.floor(random() * 2 ** 32) });
  }
}

function shuffled<Each>(list: readonly Each[], random: () => number): Each[] {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as Each);
}
