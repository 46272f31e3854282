import { describe, expect, it } from "vitest";
import { parseStoreUrl } from "./store-url.ts";

const refusalOf = (url: string) => {
  try {
    parseStoreUrl(url);
    return "taken";
  } catch (error) {
    return String(error);
  }
};

describe("a store's url", () => {
  it("names sentinels, the primary they know, and a database", () => {
    expect(parseStoreUrl("redis+sentinel://one:5000,[::1],three/main/2")).toEqual({
      server: { db: 2 },
      sentinels: {
        endpoints: [
          { host: "one", port: 5_000 },
          { host: "::1", port: 26_379 },
          { host: "three", port: 26_379 },
        ],
        primaryName: "main",
      },
    });
  });

  it("keeps the user of the servers apart from the sentinels' own", () => {
    const url = "rediss+sentinel://ada:p%40ss@one/main?sentinelUsername=eve&sentinelPassword=a%26b";
    expect(parseStoreUrl(url)).toMatchObject({
      server: { username: "ada", password: "p@ss", tls: {} },
      sentinels: { username: "eve", password: "a&b" },
    });
    const plus = "redis+sentinel://one/main?sentinelPassword=a+b%20c";
    expect(parseStoreUrl(plus).sentinels).toMatchObject({ password: "a+b c" });
  });

  it("names nodes of a cluster", () => {
    expect(parseStoreUrl("rediss+cluster://ada:secret@one:7000,two")).toEqual({
      server: { username: "ada", password: "secret", tls: {} },
      seeds: [
        { host: "one", port: 7_000 },
        { host: "two", port: 6_379 },
      ],
    });
    expect(parseStoreUrl("redis+cluster://one/0")).toEqual({ server: {}, seeds: [{ host: "one", port: 6_379 }] });
  });

  it.each([
    ["redis+sentinel://one:26379", "without a path: allowed are the name of the primary"],
    ["redis+sentinel://one/main/0/1", "/main/0/1: allowed are the name of the primary"],
    ["redis+sentinel://one/main/x", "/x: allowed are a database number"],
    ["redis+sentinel://one/main?user=eve", 'query parameter "user": allowed are sentinelUsername and sentinelPassword'],
    ["redis+cluster://one/1", "/1: allowed are no database but /0"],
    ["redis+cluster://one?a=1", "with a query: allowed are one with redis+sentinel:// alone"],
    ["redis+cluster://one:70000", 'host "one:70000": allowed are host:port'],
    ["redis+cluster://one,,two", 'host "": allowed are host:port'],
    ["redis+cluster://", 'host "": allowed are host:port'],
    ["redis://one,two", "one,two: allowed are one host, or several with redis+sentinel:// or redis+cluster://"],
    ["redis://one/0/1", "/0/1: allowed are a database number"],
    ["redis://ada:100%@one", "with a stray %: allowed are %25"],
    ["redis+ring://one", "url is none that Redis is reached by; allowed are redis://"],
  ])("%s is refused, saying what is allowed", (url, expected) => {
    expect(refusalOf(url)).toContain(expected);
  });

  it("never appears with its password in an error", () => {
    for (const url of [
      "redis+cluster://ada:secret@one:0",
      "redis+sentinel://ada:secret@one",
      "http://ada:secret@one",
      "redis://ada:secret",
      "redis://:secret",
    ]) {
      expect(refusalOf(url)).not.toContain("secret");
    }
  });

  it("never shows what may be a part of a password", () => {
    for (const url of [
      "redis://ada:se/cret@h:1",
      "redis+sentinel://ada:se/cret@h:1/main",
      "redis://ada:se?cret@h",
      "rediss://ada:se#cret@h",
    ]) {
      expect(() => parseStoreUrl(url)).toThrow(
        /^url with \/ \? or # before an @: allowed are these .* as %2F, %3F and %23, and @ as %40$/,
      );
    }
    expect(parseStoreUrl("redis://ada:se%2Fcret@h:1/2").server).toMatchObject({ password: "se/cret", db: 2 });
  });
});
