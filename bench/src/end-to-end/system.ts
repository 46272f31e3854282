import type { CaseOptions } from "../case-options.ts";
import { MeasuredProcess } from "../process/measured-process.ts";
import { type MeasuredRedis, startMeasuredRedis } from "../redis/measured-redis.ts";

const routerApp = new URL("../../../apps/router/src/main.ts", import.meta.url);
const senderProgram = new URL("./sender-program.ts", import.meta.url);
const receiverProgram = new URL("./receiver-program.ts", import.meta.url);

/** The whole system of one case, each part a process of its own. */
export interface System extends AsyncDisposable {
  readonly redis: MeasuredRedis;
  readonly routers: readonly MeasuredProcess[];
  /** Where the routers listen. */
  readonly addresses: readonly string[];
  readonly senders: readonly MeasuredProcess[];
  readonly receivers: readonly MeasuredProcess[];
}

/** All programs of ours in it. */
export function programsOf({ senders, routers, receivers }: System): MeasuredProcess[] {
  return [...senders, ...routers, ...receivers];
}

/** Starts it. Nothing is sent yet. */
export async function startSystem(options: CaseOptions): Promise<System> {
  const stack = new AsyncDisposableStack();
  try {
    const redis = stack.use(await startMeasuredRedis(options.aof));
    const start = (role: string, program: URL, env: Record<string, string> = {}) =>
      stack.use(new MeasuredProcess(role, program, env));
    const routerEnv = { CHAPPE_LISTEN: "127.0.0.1:0", CHAPPE_REDIS_URL: redis.url };
    const routers = Array.from({ length: options.routers }, () => start("router", routerApp, routerEnv));
    const senders = Array.from({ length: options.senders }, () => start("sender", senderProgram));
    const receivers = Array.from({ length: options.receiverPrograms }, () => start("receiver", receiverProgram));
    const addresses = await Promise.all(
      routers.map(async (router) => (await router.waitForLine(/"listening on (\S+)"/))[1] ?? ""),
    );
    return {
      redis,
      routers,
      addresses,
      senders,
      receivers,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
