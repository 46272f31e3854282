import { setTimeout as delay } from "node:timers/promises";
import type { Poison } from "../history/history-event.ts";
import { SITES } from "../stage/redis-site.ts";
import { ADDRESSES } from "../stage/stage.ts";
import { between, type Fault, pick } from "./fault.ts";

function poisonFault(poison: Poison, what: string, waitMs: number): Fault {
  return {
    name: `poison-that-${poison}s`,
    what,
    sites: SITES,
    async inject({ stage, random }) {
      pick(stage.senders, random).order({ kind: "poison", poison, address: pick(ADDRESSES, random) });
      // Attempts and their backoff take about so long; the next fault shall not hit what poison left behind.
      await delay(waitMs);
    },
  };
}

/** Handlers that cannot handle a message, or take their time. */
export const handlerFaults: readonly Fault[] = [
  poisonFault("throw", "a message whose handler throws, at every attempt", 4_000),
  poisonFault("hang", "a message whose handler hangs, at every attempt, until it is given up", 9_000),
  poisonFault("kill", "a message that kills the program that handles it, at every attempt", 14_000),
  {
    name: "slow-receiver",
    what: "a receiver takes 100 ms for each message for 3 to 6 s",
    sites: SITES,
    async inject({ stage, random }) {
      const receiver = pick(stage.receivers, random);
      receiver.order({ kind: "slow", perMessageMs: 100 });
      await delay(between(3_000, 6_000, random));
      receiver.order({ kind: "slow", perMessageMs: 0 });
    },
  },
];
