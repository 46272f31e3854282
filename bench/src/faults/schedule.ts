import { seededRandom } from "../seeded-random.ts";
import type { Fault } from "./injected/fault.ts";

/** One fault of a run, and the seed of what it draws at random. */
export interface Planned {
  readonly fault: Fault;
  readonly seed: number;
}

/**
 * Which faults a run injects, one after the other, without end: every fault once in random order, then all again in another.
 * All of it follows from the arguments. How far a run comes depends on the machine and on its minutes; the order does not.
 *
 * @param seed a whole number
 * @param faults at least one
 */
export function* schedule(seed: number, faults: readonly Fault[]): Generator<Planned, never> {
  const random = seededRandom(seed);
  for (;;) for (const fault of shuffled(faults, random)) yield { fault, seed: Math.floor(random() * 2 ** 32) };
}

function shuffled<Each>(list: readonly Each[], random: () => number): Each[] {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as Each);
}
