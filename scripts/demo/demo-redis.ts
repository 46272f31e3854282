import { startRedis } from "@chappe/testing";

/** Where the demo's router keeps its messages. */
export interface DemoStore extends AsyncDisposable {
  /** What the router's environment must say. */
  readonly env: Readonly<Record<string, string>>;
  /** For people. */
  readonly description: string;
}

/** A Redis of one's own keeps the demo's few keys under this name, apart from all else in it. */
const KEY_PREFIX = "chappe-demo";

/**
 * The Redis of `REDIS_URL`, else one started for the demo and ended with it. Where none can be had, the router's memory:
 * good for a look, and for nothing else, because it forgets.
 *
 * @throws Error when `REDIS_URL` names a Redis that cannot be used
 */
export async function demoStore(): Promise<DemoStore> {
  try {
    const redis = await startRedis({ appendonly: "everysec" });
    return {
      env: { CHAPPE_STORE: "redis", CHAPPE_REDIS_URL: redis.url, CHAPPE_REDIS_KEY_PREFIX: KEY_PREFIX },
      description: redis.external ? "the one of REDIS_URL" : "started for this demo",
      [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
    };
  } catch (error) {
    // A REDIS_URL was meant; going on without it would show something else than asked for.
    if (process.env["REDIS_URL"]) throw error;
    return {
      env: { CHAPPE_STORE: "memory" },
      description: "none found: the router keeps messages in its memory instead, for this demo alone",
      [Symbol.asyncDispose]: async () => {},
    };
  }
}
