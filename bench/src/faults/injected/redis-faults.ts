import { setTimeout as delay } from "node:timers/promises";
import { between, type Fault } from "./fault.ts";

/** What goes wrong with a Redis that stands alone. */
export const redisFaults: readonly Fault[] = [
  {
    name: "kill-redis",
    what: "Redis is killed with SIGKILL, and started again with its append-only file",
    seconds: 5,
    async inject({ stage, random }) {
      await stage.redis.kill();
      await delay(between(0, 2_000, random));
      await stage.redis.start();
    },
  },
  {
    name: "restart-redis",
    what: "Redis is asked to end, and started again with its append-only file",
    seconds: 5,
    async inject({ stage, random }) {
      await stage.redis.stop();
      await delay(between(0, 2_000, random));
      await stage.redis.start();
    },
  },
  {
    name: "freeze-redis",
    what: "Redis is stopped with SIGSTOP for 1 to 8 s",
    seconds: 8,
    async inject({ stage, random }) {
      stage.redis.pause();
      await delay(between(1_000, 8_000, random));
      stage.redis.resume();
    },
  },
  {
    name: "empty-redis",
    what: "Redis comes back empty: what was in it is lost, and all must see that",
    seconds: 6,
    async inject({ stage }) {
      await stage.redis.restartEmpty((atMs) => stage.history.write({ kind: "wiped", atMs }));
    },
  },
  {
    name: "flush-scripts",
    what: "Redis forgets its scripts (SCRIPT FLUSH), a few times",
    seconds: 3,
    async inject({ stage, random }) {
      for (let times = between(1, 4, random); times > 0; times--) {
        await stage.redis.call("SCRIPT", "FLUSH");
        await delay(between(0, 300, random));
      }
    },
  },
  {
    name: "drop-redis-clients",
    what: "Redis drops all its clients (CLIENT KILL), a few times",
    seconds: 4,
    async inject({ stage, random }) {
      for (let times = between(1, 4, random); times > 0; times--) {
        await stage.redis.call("CLIENT", "KILL", "TYPE", "normal");
        await stage.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
        await delay(between(0, 700, random));
      }
    },
  },
  {
    name: "stall-redis",
    what: "Redis does nothing for 1 to 5 s (DEBUG SLEEP)",
    seconds: 6,
    async inject({ stage, random }) {
      await stage.redis.call("DEBUG", "SLEEP", between(1_000, 5_000, random) / 1_000);
    },
  },
  {
    name: "fill-redis",
    what: "Redis has no memory left for 2 to 6 s (maxmemory)",
    seconds: 7,
    async inject({ stage, random }) {
      await stage.redis.call("CONFIG", "SET", "maxmemory", "1mb");
      await delay(between(2_000, 6_000, random));
      await stage.redis.call("CONFIG", "SET", "maxmemory", "0");
    },
  },
];
