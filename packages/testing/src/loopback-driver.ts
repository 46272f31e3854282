import { Redis } from "ioredis";

/** A connection to a server on 127.0.0.1 that a test may kill: it comes back by itself, and tells of errors only who calls. */
export function loopbackDriver({ port = 0 }: { readonly port?: number | undefined }): Redis {
  const driver = new Redis({ host: "127.0.0.1", port, retryStrategy: () => 50, maxRetriesPerRequest: 0 });
  driver.on("error", () => {});
  return driver;
}
