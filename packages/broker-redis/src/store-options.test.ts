import { describe, expect, it } from "vitest";
import { resolveStoreOptions } from "./store-options.ts";

const serverOf = (options: Parameters<typeof resolveStoreOptions>[0]) => resolveStoreOptions(options).server;

describe("store options", () => {
  it("find Redis by what is usual", () => {
    expect(serverOf({})).toEqual({ host: "localhost", port: 6379 });
    expect(serverOf({ path: "/run/redis.sock" })).toEqual({ path: "/run/redis.sock" });
    expect(serverOf({ url: "/run/redis.sock", db: 2 })).toEqual({ path: "/run/redis.sock", db: 2 });
    expect(serverOf({ url: "redis://cache" })).toEqual({ host: "cache", port: 6379 });
    expect(serverOf({ url: "redis://[::1]:7000" })).toEqual({ host: "::1", port: 7000 });
    expect(serverOf({ url: "rediss://ada:p%40ss@cache:6380/3" })).toEqual({
      host: "cache",
      port: 6380,
      username: "ada",
      password: "p@ss",
      db: 3,
      tls: {},
    });
  });

  it("let what is named beside the url win", () => {
    expect(serverOf({ url: "redis://ada:old@cache", password: "new" })).toMatchObject({
      username: "ada",
      password: "new",
    });
  });

  it("refuse what cannot be, naming the value and what is allowed", () => {
    const refusal = (options: Parameters<typeof resolveStoreOptions>[0]) => {
      try {
        resolveStoreOptions(options);
        return "taken";
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal({ url: "redis://a", host: "b" })).toBe(
      "INVALID_ARGUMENT: host b: allowed are nothing beside a url; leave out one of the two",
    );
    expect(refusal({ url: "redis://a/x" })).toContain("/x: allowed are a database number");
    expect(refusal({ keyPrefix: "{a}" })).toContain("keyPrefix {a}: allowed are");
    expect(refusal({ livenessMs: 99 })).toContain("livenessMs 99: allowed are whole numbers from 100 on");
    expect(refusal({ silenceMs: 1.5 })).toContain("silenceMs 1.5");
    expect(refusal({ topicRetentionMs: 0 })).toContain("topicRetentionMs 0");
    expect(refusal({ url: "rediss://a", tls: { ca: "nonsense", cert: "nonsense" } })).toContain(
      "INVALID_ARGUMENT: tls: certificate, key or authority cannot be used: ",
    );
    expect(refusal({ instance: "a b" })).toContain('instance "a b"');
  });

  it("never repeat a url, which may hold a password", () => {
    expect(() => resolveStoreOptions({ url: "http://ada:secret@cache" })).toThrow(/^(?!.*secret).*redis:\/\//);
  });

  it("give each instance a name that no other has", () => {
    const names = [1, 2].map(() => resolveStoreOptions({ instance: "router-01" }).instance);
    expect(names[0]).toMatch(/^router-01-/);
    expect(names[0]).not.toBe(names[1]);
  });
});
