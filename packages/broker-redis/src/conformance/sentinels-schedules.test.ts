import { describe } from "vitest";
import { SENTINELS } from "../fixtures/conformance-servers.ts";
import { describeRedisStore } from "../fixtures/describe-redis-store.ts";

describe.skipIf(process.env["REDIS_URL"])("with sentinels", () => {
  describeRedisStore("the Redis store", SENTINELS, "schedules");
});
