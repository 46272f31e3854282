import { setTimeout as delay } from "node:timers/promises";
import type { Link, LinkState, LinkToll } from "@chappe/testing";
import { SITES } from "../stage/redis-site.ts";
import { ADDRESSES, type Stage, usedRouters } from "../stage/stage.ts";
import { between, counted, type Effect, type Fault, pick } from "./fault.ts";

const ENDS = {
  client: "clients and a router",
  // The link in front of a replicated server is also that by which it is copied, and by which sentinels see it.
  redis: "a router and Redis, or all others and one that is replicated",
} as const;

type Side = keyof typeof ENDS;

async function pickLink(side: Side, stage: Stage, random: () => number): Promise<Link> {
  const { redis, clientLinks, redisLinks } = stage;
  if (side === "redis" && redis.name !== "standalone") {
    const { link } = (await redis.masterOf(pick(ADDRESSES, random))).fixture;
    if (link === undefined) throw new Error(`a Redis of the ${redis.name} has no link`);
    return link;
  }
  const router = pick(usedRouters(stage), random);
  const link = (side === "client" ? clientLinks : redisLinks)[stage.routers.indexOf(router)];
  if (link === undefined) throw new Error(`${router.name} has no link`);
  return link;
}

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
function faultsOf(side: Side): Fault[] {
  const ends = ENDS[side];
  return [
    ...(["reset", "end"] as const).map(
      (how): Fault => ({
        name: `${how}-${side}-link`,
        what: `all connections get ${how === "reset" ? "a reset" : "the end of the stream"}, a few times, between ${ends}`,
        sites: SITES,
        async inject({ stage, random }) {
          const link = await pickLink(side, stage, random);
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
        sites: SITES,
        async inject({ stage, random }) {
          const link = await pickLink(side, stage, random);
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
