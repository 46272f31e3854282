import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Durability } from "@chappe/client";
import { freePort, Link } from "@chappe/testing";
import { accepts } from "../../process/accepts.ts";
import { historyNowMs } from "../history/history-event.ts";
import { HistoryWriter } from "../history/history-writer.ts";
import { ClusterSite } from "./cluster-site.ts";
import { comesTrue } from "./comes-true.ts";
import type { Reading, ReceiverPlan, SenderPlan, Sending } from "./program-plan.ts";
import type { RedisSite, SiteName } from "./redis-site.ts";
import { SentinelSite } from "./sentinel-site.ts";
import { StageProcess, type StageStart } from "./stage-process.ts";
import { StandaloneSite } from "./standalone-site.ts";

/** All keys of a run begin with this. */
export const KEY_PREFIX = "faults";
const SOLO = "receiver:solo";
const SHARED = "receiver:shared";
const TOPIC = "topic:events";
const KEYED = "receiver:keyed";
/** Those that faults pick from. On a cluster of three masters each of the first three begins at another one. */
export const ADDRESSES = [SOLO, SHARED, TOPIC, KEYED];
const LATER = "receiver:later";
const ONCE = "receiver:once";
const UNHEALED = "receiver:unhealed";
/** Read by one consumer: order is promised. */
export const READ_ALONE: readonly Reading[] = [
  { address: SOLO, subscription: "", credit: 100, mode: "handle" },
  { address: TOPIC, subscription: "billing", credit: 1_000, mode: "handle" },
  { address: UNHEALED, subscription: "", credit: 100, mode: "handle" },
];
/** Read by two. Credit is small: what poison's neighbours were held together with is handed out one by one. */
const READ_TOGETHER: readonly Reading[] = [
  { address: SHARED, subscription: "", credit: 20, mode: "gather" },
  { address: TOPIC, subscription: "audit", credit: 50, mode: "gather" },
  { address: KEYED, subscription: "", credit: 10, mode: "gather" },
  { address: LATER, subscription: "", credit: 10, mode: "gather" },
  { address: ONCE, subscription: "", credit: 10, mode: "gather" },
];
/** Every pair of an address and a subscription that is read. */
export const READINGS: readonly Reading[] = [...READ_ALONE, ...READ_TOGETHER];

/** What each receiver program reads. */
export const RECEIVERS: readonly (readonly Reading[])[] = [READ_ALONE, READ_TOGETHER, READ_TOGETHER];

/** Subscriptions of an address. */
export function readingsOf(address: string): readonly Reading[] {
  return READINGS.filter((reading) => reading.address === address);
}

/** Routers that can run at a time; two do unless a fault changes it. */
const ROUTERS = 4;
const ROUTERS_AT_FIRST = 2;
/** What two senders send that keep what was acknowledged, and heal what Redis lost of it. */
const HEALED: readonly Sending[] = [
  { address: SOLO, rate: 40 },
  { address: SHARED, rate: 40 },
  { address: TOPIC, rate: 40 },
  { address: KEYED, rate: 20, orderingKeys: 5 },
  { address: LATER, rate: 5, delayedUpToMs: 3_000 },
  { address: ONCE, rate: 5, againWithinMs: 3_000 },
];
/** What one sends that keeps nothing: what is acknowledged to it must be as safe as its receipt says. */
const NOT_HEALED: readonly Sending[] = [{ address: UNHEALED, rate: 40 }];
/** What each sender program sends. */
export const SENDERS: readonly Pick<SenderPlan, "sendings" | "heals">[] = [
  { sendings: HEALED, heals: true },
  { sendings: HEALED, heals: true },
  { sendings: NOT_HEALED, heals: false },
];

/**
 * What routers are told beside where things are. A lease of 3 s and short retries keep a run from waiting; attempts and
 * the 10 s after which a router is taken for dead are as shipped.
 */
const ROUTER_SETTINGS = {
  "--lease-ms": "3000",
  "--min-retry-ms": "100",
  "--max-retry-ms": "1000",
  "--keepalive-ms": "3000",
  "--drain-ms": "5000",
  "--http-listen": "off",
} as const;

const ROUTER_PROGRAM = fileURLToPath(new URL("../../../../apps/router/src/main.ts", import.meta.url));
const SENDER_PROGRAM = fileURLToPath(new URL("sender-program.ts", import.meta.url));
const RECEIVER_PROGRAM = fileURLToPath(new URL("receiver-program.ts", import.meta.url));

/** Everything that a fault can harm. */
export interface Stage extends AsyncDisposable {
  readonly redis: RedisSite;
  readonly routers: readonly StageProcess[];
  readonly senders: readonly StageProcess[];
  readonly receivers: readonly StageProcess[];
  /** From clients to each router, in its order. */
  readonly clientLinks: readonly Link[];
  /** Resolves when a router takes connections, with true, or with false after `deadlineMs`. */
  isReady(router: StageProcess, deadlineMs: number): Promise<boolean>;
  /** From each router to a Redis that stands alone. Others have a link each, by which routers find them: `fixture.link`. */
  readonly redisLinks: readonly Link[];
  /** What the run itself did and saw, beside the programs' histories. */
  readonly history: HistoryWriter;
}

/** Routers that run and have clients, if there are any: who harms another one harms nobody. */
export function usedRouters({ routers, clientLinks }: Stage): readonly StageProcess[] {
  const running = routers.filter(({ isRunning }) => isRunning);
  const used = running.filter((router) => (clientLinks[routers.indexOf(router)]?.open ?? 0) > 0);
  return used.length > 0 ? used : running;
}

/** Programs that send to an address. */
export function sendersTo({ senders }: Stage, address: string): readonly StageProcess[] {
  return senders.filter((_, index) => SENDERS[index]?.sendings.some((sending) => sending.address === address));
}

/**
 * Starts Redis, routers, receivers and senders.
 *
 * @param folder for histories and logs
 * @param durability of the sender that heals nothing
 */
export async function startStage(folder: string, site: SiteName, durability: Durability): Promise<Stage> {
  const histories = join(folder, "histories");
  mkdirSync(histories, { recursive: true });
  await using starting = new AsyncDisposableStack();
  const redis = starting.use(await startRedisSite(site, durability));
  const redisLinks = redis.name === "standalone" ? await linksTo(redis) : [];
  for (const link of redisLinks) starting.use(link);
  const ports = await Promise.all(Array.from({ length: ROUTERS }, () => freePort()));
  const clientLinks = await Promise.all(ports.map((port) => Link.start({ host: "127.0.0.1", port })));
  for (const link of clientLinks) starting.use(link);
  const history = new HistoryWriter(join(histories, "run.jsonl"));

  const processOf = (name: string, startOf: (run: string) => StageStart) => {
    const program = new StageProcess(name, join(folder, `${name}.log`), startOf);
    // As a supervisor would.
    program.onCrash((run, how) => {
      history.write({ kind: "ended", atMs: historyNowMs(), program: run, how });
      program.start();
    });
    starting.defer(async () => void (await program.kill()));
    return program;
  };
  const routers = ports.map((port, index) =>
    processOf(`router-${index + 1}`, () => ({
      file: ROUTER_PROGRAM,
      args: [
        ...["--listen", `127.0.0.1:${port}`, "--redis-key-prefix", KEY_PREFIX],
        ...["--redis-url", redis.name === "standalone" ? `redis://127.0.0.1:${redisLinks[index]?.port}` : redis.url],
        ...Object.entries(ROUTER_SETTINGS).flat(),
      ],
    })),
  );
  const addresses = clientLinks.map(({ port }) => `127.0.0.1:${port}`);
  const clientPlan = (run: string) => ({
    name: run,
    routers: addresses,
    historyFile: join(histories, `${run}.jsonl`),
  });
  const receiverOf = (name: string, readings: readonly Reading[]) =>
    processOf(name, (run) => {
      const plan: ReceiverPlan = { ...clientPlan(run), readings };
      return { file: RECEIVER_PROGRAM, args: [JSON.stringify(plan)] };
    });
  const receivers = RECEIVERS.map((readings, index) => receiverOf(`receiver-${index + 1}`, readings));
  const senders = SENDERS.map(({ sendings, heals }, index) =>
    processOf(`sender-${index + 1}`, (run) => {
      const plan: SenderPlan = {
        ...clientPlan(run),
        ...{ sendings, heals, durability: heals ? "accepted" : durability },
      };
      return { file: SENDER_PROGRAM, args: [JSON.stringify(plan)] };
    }),
  );
  for (const router of routers.slice(0, ROUTERS_AT_FIRST)) router.start();
  for (const receiver of receivers) receiver.start();

  const everything = starting.move();
  return {
    redis,
    routers,
    senders,
    receivers,
    clientLinks,
    redisLinks,
    isReady: (router, deadlineMs) => comesTrue(() => accepts(ports[routers.indexOf(router)] ?? 0), deadlineMs),
    history,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function startRedisSite(site: SiteName, durability: Durability): Promise<RedisSite> {
  switch (site) {
    case "standalone":
      // Before Redis 7.2 it is the only setting by which `fsynced` can be had.
      return StandaloneSite.start(durability === "fsynced" ? "always" : "everysec");
    case "sentinel":
      return SentinelSite.start();
    case "cluster":
      return ClusterSite.start(KEY_PREFIX);
  }
}

function linksTo({ target }: StandaloneSite): Promise<Link[]> {
  return Promise.all(Array.from({ length: ROUTERS }, () => Link.start(target)));
}
