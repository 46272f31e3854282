import { describe, expect, it } from "vitest";
import { type CpuProfile, packageOf, summarizeProfile } from "./self-time.ts";

const frame = (functionName: string, url = "") => ({ functionName, url, lineNumber: 41 });

const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame("(idle)") },
    { id: 2, callFrame: frame("(garbage collector)") },
    { id: 3, callFrame: frame("encode", "file:///repo/packages/message/src/codec.ts") },
    // The same function, called from elsewhere.
    { id: 4, callFrame: frame("encode", "file:///repo/packages/message/src/codec.ts") },
    { id: 5, callFrame: frame("decode", "file:///repo/packages/message/src/codec.ts") },
    { id: 6, callFrame: frame("post", "node:inspector") },
  ],
  samples: [1, 3, 4, 5, 2, 6],
  timeDeltas: [1_000, 200, 300, 400, 100, 9_000],
};

describe("a profile", () => {
  it("is added up by function, wherever it was called from, most time first", () => {
    const { functions } = summarizeProfile(profile);
    expect(functions.map(({ name, selfMicros }) => [name, selfMicros])).toEqual([
      ["encode codec.ts:42", 500],
      ["decode codec.ts:42", 400],
      ["(garbage collector)", 100],
    ]);
  });

  it("is added up by package, as shares of the time that was not idle", () => {
    const { packages, busyMicros, idleMicros } = summarizeProfile(profile);
    expect(packages.map(({ name, share }) => [name, share])).toEqual([
      ["@chappe/message", 0.9],
      ["v8", 0.1],
    ]);
    expect([busyMicros, idleMicros]).toEqual([1_000, 1_000]);
  });
});

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
