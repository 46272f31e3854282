import { expect, it } from "vitest";
import { redisLoad } from "./run-redis-benchmark.ts";

it.each([
  [2_000, { clients: 50, pipeline: 16 }],
  [200, { clients: 50, pipeline: 4 }],
  [16, { clients: 16, pipeline: 1 }],
])("keeps no more under way than a case does that waits for %s at a time", (concurrency, load) => {
  expect(redisLoad({ concurrency })).toEqual(load);
});
