import { ONE_SERVER } from "../fixtures/conformance-servers.ts";
import { describeRedisStore } from "../fixtures/describe-redis-store.ts";

describeRedisStore("the Redis store", ONE_SERVER, "schedules");
