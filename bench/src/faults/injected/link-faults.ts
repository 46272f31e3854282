import { setTimeout as delay } from "node:timers/promises";
import type { Link, LinkState } from "@chappe/testing";
import { SITES, type SiteName } from "../stage/redis-site.ts";
import type { Stage } from "../stage/stage.ts";
import { between, type Fault, pick } from "./fault.ts";

const SIDES = {
  client: (stage: Stage) => stage.clientLinks,
  redis: (stage: Stage) => stage.redisLinks,
} as const;

/** What goes wrong between clients and a router, or between a router and Redis. */
function faultsOf(side: keyof typeof SIDES): Fault[] {
  // Replicated servers are found by the addresses that they give of themselves: past any link.
  const sites: readonly SiteName[] = side === "client" ? SITES : ["standalone"];
  const ends = side === "client" ? "clients and a router" : "a router and Redis";
  /** The link of a router that runs. */
  const pickLink = (stage: Stage, random: () => number): Link =>
    pick(
      SIDES[side](stage).filter((_, index) => stage.routers[index]?.isRunning),
      random,
    );
  const harmed = (name: string, what: string, state: Partial<LinkState>, mostMs: number): Fault => ({
    name: `${name}-${side}-link`,
    what: `${what}, between ${ends}`,
    sites,
    async inject({ stage, random }) {
      const link = pickLink(stage, random);
      link.harm(state);
      if (state.refuses) link.cut("reset");
      await delay(between(mostMs / 4, mostMs, random));
      link.heal();
    },
  });
  return [
    ...(["reset", "end"] as const).map(
      (how): Fault => ({
        name: `${how}-${side}-link`,
        what: `all connections get ${how === "reset" ? "a reset" : "the end of the stream"}, a few times, between ${ends}`,
        sites,
        async inject({ stage, random }) {
          const link = pickLink(stage, random);
          for (let times = between(1, 4, random); times > 0; times--) {
            link.cut(how);
            await delay(between(0, 700, random));
          }
        },
      }),
    ),
    harmed("refuse", "connections are reset, and new ones too", { refuses: true }, 6_000),
    harmed("lag", "every chunk comes 200 ms later", { lagMs: 200 }, 4_000),
    harmed("throttle", "100 KB/s", { bytesPerSecond: 100_000 }, 4_000),
    harmed("deaf", "bytes vanish, and nobody is told", { isDeaf: true }, 8_000),
  ];
}

/** Connections that break, are slow, or are not what they seem. */
export const linkFaults: readonly Fault[] = [...faultsOf("client"), ...faultsOf("redis")];
