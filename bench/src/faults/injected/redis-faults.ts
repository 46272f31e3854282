import { setTimeout as delay } from "node:timers/promises";
import { SITES } from "../stage/redis-site.ts";
import { ADDRESSES } from "../stage/stage.ts";
import { between, type Fault, type Injection, pick } from "./fault.ts";

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
      await server.kill();
      await delay(between(0, 2_000, injection.random));
      await server.start();
    },
  },
  {
    name: "restart-redis",
    what: "Redis is asked to end, and started again with its append-only file",
    sites: ["standalone", "cluster"],
    async inject(injection) {
      const server = await pickMaster(injection);
      await server.stop();
      await delay(between(0, 2_000, injection.random));
      await server.start();
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
      server.resume();
    },
  },
  {
    name: "empty-redis",
    what: "Redis comes back empty: what was in it is lost, and all must see that",
    sites: ["standalone"],
    async inject({ stage }) {
      if (stage.redis.name !== "standalone") throw new Error(`no way to empty a ${stage.redis.name}`);
      await stage.redis.restartEmpty((atMs) => stage.history.write({ kind: "wiped", atMs }));
    },
  },
  {
    name: "flush-scripts",
    what: "Redis forgets its scripts (SCRIPT FLUSH), a few times",
    sites: SITES,
    async inject({ stage, random }) {
      for (let times = between(1, 4, random); times > 0; times--) {
        for (const server of await stage.redis.masters()) await server.call("SCRIPT", "FLUSH");
        await delay(between(0, 300, random));
      }
    },
  },
  {
    name: "drop-redis-clients",
    what: "Redis drops all its clients (CLIENT KILL), a few times",
    sites: SITES,
    async inject({ stage, random }) {
      for (let times = between(1, 4, random); times > 0; times--) {
        for (const server of await stage.redis.masters()) {
          await server.call("CLIENT", "KILL", "TYPE", "normal");
          await server.call("CLIENT", "KILL", "TYPE", "pubsub");
        }
        await delay(between(0, 700, random));
      }
    },
  },
  {
    name: "stall-redis",
    what: "Redis does nothing for 1 to 5 s (DEBUG SLEEP)",
    sites: SITES,
    async inject(injection) {
      const server = await pickMaster(injection);
      await server.call("DEBUG", "SLEEP", between(1_000, 5_000, injection.random) / 1_000);
    },
  },
  {
    name: "fill-redis",
    what: "Redis has no memory left for 2 to 6 s (maxmemory)",
    sites: SITES,
    async inject({ stage, random }) {
      const servers = await stage.redis.masters();
      await Promise.all(servers.map((server) => server.call("CONFIG", "SET", "maxmemory", "1mb")));
      await delay(between(2_000, 6_000, random));
      await Promise.all(servers.map((server) => server.call("CONFIG", "SET", "maxmemory", "0")));
    },
  },
];
