import { randomBytes } from "node:crypto";

/**
 * A key prefix that no other test uses, such as `test-5f1c0a9b3d2e:`. Give it to whatever writes to Redis, so that
 * tests can share one server, also one that `REDIS_URL` names and that holds other data.
 */
export function redisNamespace(): string {
  return `test-${randomBytes(6).toString("hex")}:`;
}
