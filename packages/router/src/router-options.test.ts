import { expect, test } from "vitest";
import { FakeBroker } from "./fixtures/fake-broker.ts";
import { resolveRouterOptions } from "./router-options.ts";

const broker = new FakeBroker();

test("everything but the broker has a default", () => {
  expect(resolveRouterOptions({ broker })).toMatchObject({
    listen: { host: "0.0.0.0", port: 9090 },
    leaseMs: 30_000,
    heartbeatMs: 10_000,
    maxMessageBytes: 1_048_576,
    drainMs: 25_000,
    maxAttempts: 5,
  });
});

test.each([
  [{ leaseMs: 999 }, "leaseMs 999: must be a whole number from 1000 to 3600000"],
  [{ drainMs: -1 }, "drainMs -1: must be a whole number from 0 to 3600000"],
  [{ maxMessageBytes: 1.5 }, "maxMessageBytes 1.5: must be a whole number from 1 to 67108864"],
  [{ keepaliveMs: Number.NaN }, "keepaliveMs NaN: must be a whole number from 1000 to 86400000"],
  [{ maxAttempts: 65_536 }, "maxAttempts 65536: must be a whole number from 1 to 65535"],
  [{ maxConnectionAgeMs: 10 }, "maxConnectionAgeMs 10: must be a whole number from 1000 to 604800000"],
])("%j is refused", (options, message) => {
  expect(() => resolveRouterOptions({ broker, ...options })).toThrow(message);
});

test("connections may live for ever", () => {
  expect(resolveRouterOptions({ broker, maxConnectionAgeMs: 0 }).maxConnectionAgeMs).toBe(0);
});

test("a heartbeat slower than the lease contradicts it, and both are named", () => {
  expect(() => resolveRouterOptions({ broker, leaseMs: 5_000, heartbeatMs: 6_000 })).toThrow(
    "heartbeatMs 6000 is longer than leaseMs 5000",
  );
});
