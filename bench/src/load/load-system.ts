import { chappeClient, routerApp } from "../end-to-end/chappe-system.ts";
import { programServer, redisServer, type System } from "../end-to-end/system.ts";
import { MeasuredProcess } from "../process/measured-process.ts";
import { startMeasuredRedis } from "../redis/measured-redis.ts";
import type { ArrivalPlan } from "./arrival-plan.ts";
import type { LoadOptions } from "./load-options.ts";

const arrivalProgram = new URL("./arrival-program.ts", import.meta.url);

/** Where a tool sends to. */
export interface LoadTarget {
  /** Host and port at which the router serves gRPC. */
  readonly grpc: string;
  /** URL at which it serves HTTP; undefined when it does not. */
  readonly http: string | undefined;
  /** Receiver whose messages are checked. */
  readonly receiver: string;
}

/** Redis, a router and one receiver; the tool takes the place of senders. */
export interface LoadSystem extends System {
  readonly target: LoadTarget;
  /** The program that receives. */
  readonly arrivals: MeasuredProcess;
}

/** Starts it. Who receives is connected. */
export async function startLoadSystem({ aof, bodyBytes }: LoadOptions, serveHttp: boolean): Promise<LoadSystem> {
  const stack = new AsyncDisposableStack();
  try {
    const redis = stack.use(await startMeasuredRedis(aof));
    const router = stack.use(
      new MeasuredProcess("router", routerApp, {
        CHAPPE_LISTEN: "127.0.0.1:0",
        CHAPPE_HTTP_LISTEN: serveHttp ? "127.0.0.1:0" : "off",
        CHAPPE_REDIS_URL: redis.url,
      }),
    );
    const arrivals = stack.use(new MeasuredProcess("receiver", arrivalProgram));
    const [, address = ""] = await router.waitForLine(/"listening on (\S+)"/);
    const http = serveHttp ? (await router.waitForLine(/"serving HTTP on (\S+)"/))[1] : undefined;
    const receiver = "load";
    await arrivals.ask("start", { router: address, receiver, bodyBytes } satisfies ArrivalPlan);
    return {
      client: chappeClient,
      addresses: [address],
      senders: [],
      receivers: [arrivals],
      servers: [redisServer(redis), programServer(router)],
      metered: [router, arrivals],
      redis,
      stopServers: () => router.stop(),
      arrivals,
      target: { grpc: address, http: http === undefined ? undefined : `http://${http}`, receiver },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
