import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/**
 * A TCP port of 127.0.0.1 that nobody listens on at the moment. Somebody else may take it before the caller does, so
 * prefer listening on port 0 yourself; use this only for programs that cannot, and be ready to try again.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return port;
}
