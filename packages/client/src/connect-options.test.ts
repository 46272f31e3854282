import { ChappeError } from "@chappe/message";
import { credentials } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { type ConnectOptions, resolveConnectOptions } from "./connect-options.ts";

const routers = ["localhost:9090"];

describe("the options of connect", () => {
  test("have defaults", () => {
    expect(resolveConnectOptions({ routers })).toMatchObject({
      routers: ["localhost:9090"],
      name: expect.stringMatching(/^[\w.-]+-\d+-[0-9a-f]{8}$/),
      publisher: {
        maxMessageBytes: 1_048_576,
        maxPendingBytes: 67_108_864,
        whenFull: "wait",
        sendTimeoutMs: 30_000,
        healing: { maxBytes: 8_388_608, maxAgeMs: 10_000 },
      },
      transport: { connectTimeoutMs: 5_000 },
    });
  });

  test("routers get the default port where none is named, and count once", () => {
    const given = ["a", "a:9090", "b:1", "unix:/run/chappe", "[::1]:9090", "dns:///routers:9090"];
    expect(resolveConnectOptions({ routers: given }).routers).toEqual([
      "a:9090",
      "b:1",
      "unix:/run/chappe",
      "[::1]:9090",
      "dns:///routers:9090",
    ]);
  });

  test.each<[string, ConnectOptions, string]>([
    ["no routers", { routers: [] }, `routers must list at least one, as in ["localhost:9090"]`],
    ["an empty router", { routers: [""] }, `routers: "" must be "host:port" or another target of gRPC`],
    ["a misspelt option", { routers, sendTimeout: 5 } as ConnectOptions, `unknown option "sendTimeout"`],
    ["a misspelt part", { routers, healing: { bytes: 1 } as never }, `healing has the unknown option "bytes"`],
    ["a fraction", { routers, sendTimeoutMs: 0.5 }, "sendTimeoutMs 0.5 must be a whole number from 1"],
    ["a number too small", { routers, maxPendingBytes: 0 }, "maxPendingBytes 0 must be"],
    ["no such choice", { routers, whenFull: "drop" as never }, `whenFull "drop" must be one of "wait", "reject"`],
    ["a bad name", { routers, name: "my client" }, "at position 2"],
    [
      "two ways to secure",
      { routers, tls: true, credentials: credentials.createInsecure() },
      "tls and credentials are both set",
    ],
    ["half a key pair", { routers, tls: { cert: "x" } }, "tls.cert and tls.key go together; key is missing"],
  ])("%s: refused with what is wrong", (_, options, text) => {
    expect(() => resolveConnectOptions(options)).toThrow(ChappeError);
    expect(() => resolveConnectOptions(options)).toThrow(text);
  });
});
