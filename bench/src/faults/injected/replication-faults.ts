import { setTimeout as delay } from "node:timers/promises";
import type { RedisServer } from "../stage/redis-server.ts";
import type { ReplicatedSite } from "../stage/redis-site.ts";
import { ADDRESSES, type Stage } from "../stage/stage.ts";
import { between, counted, type Effect, type Fault, pick } from "./fault.ts";

/** What goes wrong, or is done on purpose, where Redis has replicas and slots. */
export const replicationFaults: readonly Fault[] = [
  {
    name: "fail-over-redis",
    what: "a replica takes over from a Redis that lives, in order (SENTINEL FAILOVER, CLUSTER FAILOVER)",
    sites: ["sentinel", "cluster"],
    async inject({ stage, random }) {
      const site = replicated(stage);
      const address = pick(ADDRESSES, random);
      const old = await site.masterOf(address);
      await site.failOver(old);
      return tookOver(site, address, old);
    },
  },
  {
    name: "lose-redis",
    what: "Redis is killed with SIGKILL, and started again up to 2 s after a replica has taken over, which it then follows",
    sites: ["sentinel", "cluster"],
    async inject({ stage, random }) {
      const site = replicated(stage);
      const address = pick(ADDRESSES, random);
      const server = await site.masterOf(address);
      await server.kill();
      await site.failedOver(server, address);
      await delay(between(0, 2_000, random));
      const effect = await tookOver(site, address, server);
      await server.start();
      return effect;
    },
  },
  {
    name: "move-slots",
    what: "each address moves to another master with its slot, key by key, while messages pass",
    sites: ["cluster"],
    async inject({ stage: { redis }, random }) {
      if (redis.name !== "cluster") throw new Error(`a ${redis.name} has no slots`);
      let moved = 0;
      for (const address of ADDRESSES) {
        const from = await redis.masterOf(address);
        const others = (await redis.masters()).filter((server) => server !== from);
        const to = pick(others, random);
        await redis.move(address, to, () => delay(between(0, 200, random)));
        if ((await redis.masterOf(address)) === to) moved++;
      }
      return moved === ADDRESSES.length ? counted(moved, "slots moved") : undefined;
    },
  },
];

function replicated({ redis }: Stage): ReplicatedSite {
  if (redis.name === "standalone") throw new Error("a Redis that stands alone has no replica");
  return redis;
}

async function tookOver(site: ReplicatedSite, address: string, old: RedisServer): Promise<Effect> {
  return (await site.masterOf(address)) === old ? undefined : "a replica took over";
}
