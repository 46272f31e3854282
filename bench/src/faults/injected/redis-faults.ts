import { setTimeout as delay } from "node:timers/promises";
import { comesTrue } from "../stage/comes-true.ts";
import type { RedisServer } from "../stage/redis-server.ts";
import { SITES } from "../stage/redis-site.ts";
import { ADDRESSES } from "../stage/stage.ts";
import { between, counted, type Effect, type Fault, type Injection, pick } from "./fault.ts";

/** An error that shows a harm has come within this, while messages pass. */
const SHOWS_WITHIN_MS = 3_000;

/** A server that holds one of the addresses. */
function pickMaster({ stage, random }: Injection) {
  return stage.redis.masterOf(pick(ADDRESSES, random));
}

/** What goes wrong with any Redis. Where it has a replica, that may take over meanwhile. */
export const redisFaults: readonly Fault[] = [
  {
    name: "kill-redis",
    what: "Redis is killed with SIGKILL, and started again with its append-only file",
    // Sentinels write each server's role into its settings, which these servers are started without.
    sites: ["standalone", "cluster"],
    async inject(injection) {
      const server = await pickMaster(injection);
      return anotherRun(server, async () => {
        await server.kill();
        await delay(between(0, 2_000, injection.random));
        await server.start();
      });
    },
  },
  {
    name: "restart-redis",
    what: "Redis is asked to end, and started again with its append-only file",
    sites: ["standalone", "cluster"],
    async inject(injection) {
      const server = await pickMaster(injection);
      return anotherRun(server, async () => {
        await server.stop();
        await delay(between(0, 2_000, injection.random));
        await server.start();
      });
    },
  },
  {
    name: "freeze-redis",
    what: "Redis is stopped with SIGSTOP for 1 to 8 s, and goes on: a replica may have taken over from it",
    sites: SITES,
    async inject(injection) {
      const server = await pickMaster(injection);
      server.pause();
      await delay(between(1_000, 8_000, injection.random));
      const { isPaused } = server;
      server.resume();
      return isPaused ? "it stood still" : undefined;
    },
  },
  {
    name: "empty-redis",
    what: "Redis comes back empty: what was in it is lost, and all must see that",
    sites: ["standalone"],
    async inject({ stage }) {
      if (stage.redis.name !== "standalone") throw new Error(`no way to empty a ${stage.redis.name}`);
      const { redis } = stage;
      return anotherRun(redis.server, () => redis.restartEmpty((atMs) => stage.history.write({ kind: "wiped", atMs })));
    },
  },
  {
    name: "flush-scripts",
    what: "Redis forgets its scripts (SCRIPT FLUSH), a few times",
    sites: SITES,
    async inject({ stage, random }) {
      const servers = await stage.redis.masters();
      return errorsShow(servers, "NOSCRIPT", "calls of forgotten scripts", async () => {
        for (let times = between(1, 4, random); times > 0; times--) {
          for (const server of servers) await server.call("SCRIPT", "FLUSH");
          await delay(between(0, 300, random));
        }
      });
    },
  },
  {
    name: "drop-redis-clients",
    what: "Redis drops all its clients (CLIENT KILL), a few times",
    sites: SITES,
    async inject({ stage, random }) {
      let dropped = 0;
      for (let times = between(1, 4, random); times > 0; times--) {
        for (const server of await stage.redis.masters()) {
          for (const type of ["normal", "pubsub"]) dropped += Number(await server.call("CLIENT", "KILL", "TYPE", type));
        }
        await delay(between(0, 700, random));
      }
      return counted(dropped, "clients dropped");
    },
  },
  {
    name: "stall-redis",
    what: "Redis does nothing for 1 to 5 s (DEBUG SLEEP)",
    sites: SITES,
    async inject(injection) {
      const server = await pickMaster(injection);
      const fromMs = performance.now();
      const forMs = between(1_000, 5_000, injection.random);
      await server.call("DEBUG", "SLEEP", forMs / 1_000);
      return performance.now() - fromMs >= forMs ? `it did nothing for ${forMs} ms` : undefined;
    },
  },
  {
    name: "fill-redis",
    what: "Redis has no memory left for 2 to 6 s (maxmemory)",
    sites: SITES,
    async inject({ stage, random }) {
      const servers = await stage.redis.masters();
      return errorsShow(servers, "OOM", "writes refused", async () => {
        await Promise.all(servers.map((server) => server.call("CONFIG", "SET", "maxmemory", "1mb")));
        await delay(between(2_000, 6_000, random));
        await Promise.all(servers.map((server) => server.call("CONFIG", "SET", "maxmemory", "0")));
      });
    },
  },
];

/** The effect of what ends a server and starts it again: that it is another run of it. */
async function anotherRun(server: RedisServer, harm: () => Promise<void>): Promise<Effect> {
  const before = await server.runId();
  await harm();
  return (await server.runId()) === before ? undefined : "it was started again";
}

/** The effect of what shows by errors that each server answers. @param unit what such an error is, in the plural */
async function errorsShow(
  servers: readonly RedisServer[],
  name: string,
  unit: string,
  harm: () => Promise<void>,
): Promise<Effect> {
  const before = await Promise.all(servers.map((server) => server.errors(name)));
  await harm();
  const news = () =>
    Promise.all(servers.map(async (server, index) => (await server.errors(name)) - (before[index] ?? 0)));
  await comesTrue(async () => (await news()).every((count) => count > 0), SHOWS_WITHIN_MS);
  const counts = await news();
  return counts.includes(0)
    ? undefined
    : counted(
        counts.reduce((sum, count) => sum + count, 0),
        unit,
      );
}
