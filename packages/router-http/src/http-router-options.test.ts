import { expect, it } from "vitest";
import { impatientBroker } from "./fixtures/test-app.ts";
import { type HttpRouterOptions, resolveHttpRouterOptions } from "./http-router-options.ts";

const resolve = (options: Partial<HttpRouterOptions>) =>
  resolveHttpRouterOptions({ broker: impatientBroker(), ...options });

it("everything has a default, and heartbeats follow the lease", () => {
  expect(resolve({})).toEqual({
    leaseMs: 30_000,
    heartbeatMs: 10_000,
    maxMessageBytes: 1_048_576,
    drainMs: 25_000,
    maxAttempts: 5,
  });
  expect(resolve({ leaseMs: 1_000 })).toMatchObject({ heartbeatMs: 333 });
});

it.each([
  [{ leaseMs: 999 }, "leaseMs 999: must be a whole number from 1000 to 3600000"],
  [{ drainMs: 0.5 }, "drainMs 0.5: must be a whole number from 0 to 3600000"],
  [{ maxMessageBytes: 67_108_865 }, "maxMessageBytes 67108865: must be a whole number from 1 to 67108864"],
  [{ maxAttempts: 65_536 }, "maxAttempts 65536: must be a whole number from 1 to 65535"],
  [{ heartbeatMs: 2_000, leaseMs: 1_000 }, "heartbeatMs 2000: must not be longer than leaseMs"],
])("%j is refused, with what is allowed", (options, message) => {
  expect(() => resolve(options)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT", message }));
});
