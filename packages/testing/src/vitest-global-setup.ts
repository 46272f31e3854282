import { findRedisServer } from "./find-redis-server.ts";

/**
 * Runs once, before the test workers: finds the Redis server, or fetches it, so that workers do not wait for each
 * other. Failing here would also fail the many tests that need no Redis, so it only tells; those that do need it fail.
 */
export async function setup(): Promise<void> {
  if (process.env["REDIS_URL"]) return;
  try {
    await findRedisServer();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}
