import type { Progress } from "../stage/progress.ts";
import type { SiteName } from "../stage/redis-site.ts";
import type { Stage } from "../stage/stage.ts";

/** What a fault needs to know about one injection of it. All of it follows from the seed. */
export interface Injection {
  readonly stage: Stage;
  /** What the programs wrote down so far. */
  readonly progress: Progress;
  /** A number in [0, 1), another with each call. */
  readonly random: () => number;
}

/** What was seen of a harm, in a few words; undefined: nothing, so that surviving it proves nothing. */
export type Effect = string | undefined;

/** Something that goes wrong. */
export interface Fault {
  readonly name: string;
  /** What is done, for --list. */
  readonly what: string;
  /** Where it can be done. */
  readonly sites: readonly SiteName[];
  /** Does the harm and undoes it. From when it resolves on, all must recover by itself. */
  inject(injection: Injection): Promise<Effect>;
}

/** One of several, at random. */
export function pick<Each>(among: readonly Each[], random: () => number): Each {
  const picked = among[Math.floor(random() * among.length)];
  if (picked === undefined) throw new Error("there is nothing to pick from");
  return picked;
}

/** A whole number of milliseconds between two, at random. */
export function between(leastMs: number, mostMs: number, random: () => number): number {
  return Math.round(leastMs + random() * (mostMs - leastMs));
}

/** An effect that can be counted. @param unit what is counted, in the plural */
export function counted(count: number, unit: string): Effect {
  return count > 0 ? `${Math.round(count)} ${unit}` : undefined;
}
