import { setTimeout as delay } from "node:timers/promises";
import type { Link, LinkState, LinkToll } from "@chappe/testing";
import { SITES, type SiteName } from "../stage/redis-site.ts";
import { type Stage, usedRouters } from "../stage/stage.ts";
import { between, counted, type Effect, type Fault, pick } from "./fault.ts";

const SIDES = {
  client: (stage: Stage) => stage.clientLinks,
  redis: (stage: Stage) => stage.redisLinks,
} as const;

/** A harm that lasts for a while. */
interface Harm {
  readonly name: string;
  readonly what: string;
  readonly state: Partial<LinkState>;
  readonly mostMs: number;
  /** What it did, by what the link had done before and has done now. */
  readonly effect: (before: LinkToll, now: LinkToll) => Effect;
}

/** Less than this, all chunks together, is felt by nobody. */
const FELT_MS = 100;

function heldBack(before: LinkToll, now: LinkToll): Effect {
  const heldBackMs = now.heldBackMs - before.heldBackMs;
  return heldBackMs < FELT_MS ? undefined : counted(heldBackMs, "ms held back, all chunks together");
}

const HARMS: readonly Harm[] = [
  {
    name: "refuse",
    what: "connections are reset, and new ones too",
    state: { refuses: true },
    mostMs: 6_000,
    effect: (before, now) => counted(now.cut + now.refused - before.cut - before.refused, "connections cut or refused"),
  },
  { name: "lag", what: "every chunk comes 200 ms later", state: { lagMs: 200 }, mostMs: 4_000, effect: heldBack },
  { name: "throttle", what: "10 KB/s", state: { bytesPerSecond: 10_000 }, mostMs: 4_000, effect: heldBack },
  {
    name: "deaf",
    what: "bytes vanish, and nobody is told",
    state: { isDeaf: true },
    mostMs: 8_000,
    effect: (before, now) => counted(now.lostBytes - before.lostBytes, "bytes lost"),
  },
];

/** What goes wrong between clients and a router, or between a router and Redis. */
function faultsOf(side: keyof typeof SIDES): Fault[] {
  // Replicated servers are found by the addresses that they give of themselves: past any link.
  const sites: readonly SiteName[] = side === "client" ? SITES : ["standalone"];
  const ends = side === "client" ? "clients and a router" : "a router and Redis";
  const pickLink = (stage: Stage, random: () => number): Link => {
    const router = pick(usedRouters(stage), random);
    const link = SIDES[side](stage)[stage.routers.indexOf(router)];
    if (link === undefined) throw new Error(`${router.name} has no link`);
    return link;
  };
  return [
    ...(["reset", "end"] as const).map(
      (how): Fault => ({
        name: `${how}-${side}-link`,
        what: `all connections get ${how === "reset" ? "a reset" : "the end of the stream"}, a few times, between ${ends}`,
        sites,
        async inject({ stage, random }) {
          const link = pickLink(stage, random);
          const before = link.toll.cut;
          for (let times = between(1, 4, random); times > 0; times--) {
            link.cut(how);
            await delay(between(0, 700, random));
          }
          return counted(link.toll.cut - before, "connections cut");
        },
      }),
    ),
    ...HARMS.map(
      ({ name, what, state, mostMs, effect }): Fault => ({
        name: `${name}-${side}-link`,
        what: `${what}, between ${ends}`,
        sites,
        async inject({ stage, random }) {
          const link = pickLink(stage, random);
          const before = link.toll;
          link.harm(state);
          if (state.refuses) link.cut("reset");
          await delay(between(mostMs / 4, mostMs, random));
          link.heal();
          return effect(before, link.toll);
        },
      }),
    ),
  ];
}

/** Connections that break, are slow, or are not what they seem. */
export const linkFaults: readonly Fault[] = [...faultsOf("client"), ...faultsOf("redis")];
