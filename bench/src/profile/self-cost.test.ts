import { expect, it } from "vitest";
import { packageOf } from "./self-cost.ts";

it.each([
  ["", "v8"],
  ["node:internal/http2/core", "node"],
  ["file:///r/node_modules/.pnpm/@grpc+grpc-js@1.14.7/node_modules/@grpc/grpc-js/build/src/call.js", "@grpc/grpc-js"],
  ["file:///r/node_modules/ioredis/built/Redis.js", "ioredis"],
  ["file:///r/packages/broker-redis/src/append.ts", "@chappe/broker-redis"],
  ["file:///r/apps/router/src/main.ts", "apps/router"],
  ["file:///r/bench/src/end-to-end/arrivals.ts", "bench"],
  ["file:///r/proto/src/index.ts", "proto"],
])("%s belongs to %s", (url, owner) => {
  expect(packageOf(url)).toBe(owner);
});
