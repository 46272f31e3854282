import type { CaseOptions } from "../case-options.ts";
import { MeasuredProcess } from "../process/measured-process.ts";
import { startMeasuredCluster } from "../redis/measured-cluster.ts";
import { type MeasuredServers, startMeasuredRedis } from "../redis/measured-redis.ts";
import { programServer, redisServer, startEnds, type System } from "./system.ts";

/** The router as people run it. */
export const routerApp = new URL("../../../apps/router/src/main.ts", import.meta.url);
/** Module with our client, for the programs at the ends. */
export const chappeClient = new URL("./chappe-client.ts", import.meta.url).href;

/** Which Chappe to run, and how. */
export interface ChappePrograms {
  readonly routerApp: URL;
  /** Module with the client that senders and receivers use. */
  readonly client: string;
  /** Whether Redis writes its append-only file anew when that has grown. @default false */
  readonly aofRewrites?: boolean;
  /** Flags of Node and V8, for routers and for senders and receivers. @default none */
  readonly flags?: { readonly routers: readonly string[]; readonly ends: readonly string[] };
}

/** This checkout's. */
export const ownPrograms: ChappePrograms = { routerApp, client: chappeClient };

/** Chappe, which always has a Redis. */
export interface ChappeSystem extends System {
  readonly redis: MeasuredServers;
}

/**
 * Starts Chappe: Redis, router apps, senders and receivers. Nothing is sent yet.
 *
 * @param programs @default this checkout's
 */
export async function startChappeSystem(
  options: CaseOptions,
  { routerApp: program, client, flags, aofRewrites = false }: ChappePrograms = ownPrograms,
): Promise<ChappeSystem> {
  const stack = new AsyncDisposableStack();
  try {
    const { aof, redisMasters } = options;
    const redis = stack.use(
      await (redisMasters === 0
        ? startMeasuredRedis(aof, aofRewrites)
        : startMeasuredCluster(aof, aofRewrites, redisMasters)),
    );
    const env = { CHAPPE_LISTEN: "127.0.0.1:0", CHAPPE_HTTP_LISTEN: "off", CHAPPE_REDIS_URL: redis.url };
    const routers = Array.from({ length: options.routers }, () =>
      stack.use(new MeasuredProcess("router", program, env, flags?.routers)),
    );
    const { senders, receivers } = startEnds(stack, options, flags?.ends);
    const addresses = await Promise.all(
      routers.map(async (router) => (await router.waitForLine(/"listening on (\S+)"/))[1] ?? ""),
    );
    return {
      client,
      addresses,
      senders,
      receivers,
      servers: [redisServer(redis), ...routers.map(programServer)],
      metered: [...senders, ...routers, ...receivers],
      redis,
      stopServers: async () => {
        await Promise.all(routers.map((router) => router.stop()));
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
