import { describe } from "vitest";
import { CLUSTER } from "../fixtures/conformance-servers.ts";
import { describeRedisStore } from "../fixtures/describe-redis-store.ts";

describe.skipIf(process.env["REDIS_URL"])("on a cluster", () => {
  describeRedisStore("the Redis store", CLUSTER, "messages");
});
