import { Redis } from "ioredis";
import { type RedisSecurity, securityOptions } from "./redis-security.ts";

/** A server on 127.0.0.1, and whom it lets in. */
export interface LoopbackServer {
  readonly port?: number | undefined;
  readonly security: RedisSecurity;
}

/** A connection to a server on 127.0.0.1 that a test may kill: it comes back by itself, and tells of errors only who calls. */
export function loopbackDriver({ port = 0, security }: LoopbackServer): Redis {
  const driver = new Redis({
    ...securityOptions(security),
    host: "127.0.0.1",
    port,
    retryStrategy: () => 50,
    maxRetriesPerRequest: 0,
  });
  driver.on("error", () => {});
  return driver;
}
