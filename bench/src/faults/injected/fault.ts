import type { SiteName } from "../stage/redis-site.ts";
import type { Stage } from "../stage/stage.ts";

/** What a fault needs to know about one injection of it. All of it follows from the seed. */
export interface Injection {
  readonly stage: Stage;
  /** A number in [0, 1), another with each call. */
  readonly random: () => number;
}

/** Something that goes wrong. */
export interface Fault {
  readonly name: string;
  /** What is done, for --list. */
  readonly what: string;
  /** Where it can be done. */
  readonly sites: readonly SiteName[];
  /** Does the harm and undoes it. From when it resolves on, all must recover by itself. */
  inject(injection: Injection): Promise<void>;
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
