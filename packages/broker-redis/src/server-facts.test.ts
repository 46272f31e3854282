import { describe, expect, test } from "vitest";
import { factsOf, whyNotDurable } from "./server-facts.ts";

const INFO = [
  "# Server",
  "redis_version:7.0.15",
  "run_id:abc",
  "# Replication",
  "role:master",
  "slave0:ip=127.0.0.1,port=1,state=online,offset=14,lag=0",
  "slave1:ip=127.0.0.1,port=2,state=wait_bgsave,offset=0,lag=0",
  "master_replid:def",
  "# Persistence",
  "aof_enabled:1",
];

/** What a server says whose lines and settings are those of a good one, but for these. */
function facts(lines: Readonly<Record<string, string>>, settings: Readonly<Record<string, string>> | undefined) {
  const info = INFO.map((line) => {
    const [name = ""] = line.split(":");
    return name in lines ? `${name}:${lines[name]}` : line;
  });
  const reply =
    settings &&
    Object.entries(settings)
      .flat()
      .map((text) => Buffer.from(text));
  return factsOf(info.join("\r\n"), reply ?? null);
}

const ALWAYS = { appendfsync: "always", "no-appendfsync-on-rewrite": "no" };

test("a server's own words are read", () => {
  expect(facts({}, ALWAYS)).toEqual({
    runId: "abc",
    replicationId: "def",
    version: "7.0.15",
    isPrimary: true,
    replicas: 1,
    hasAppendOnlyFile: true,
    hasWaitAof: false,
    appendfsync: "always",
    pausesFsync: false,
  });
});

describe("fsynced is given", () => {
  test.each([
    ["before 7.2 with appendfsync always", {}, ALWAYS],
    ["by WAITAOF with everysec", { redis_version: "7.2.0" }, { ...ALWAYS, appendfsync: "everysec" }],
    ["by WAITAOF where CONFIG is forbidden", { redis_version: "8.0.1" }, undefined],
  ])("%s", (_, lines, settings) => {
    expect(whyNotDurable(facts(lines, settings), "fsynced")).toBeUndefined();
  });
});

describe("fsynced is refused for good", () => {
  test.each([
    ["without an append-only file", { aof_enabled: "0" }, ALWAYS, /set appendonly yes/],
    [
      "before 7.2 with everysec",
      {},
      { ...ALWAYS, appendfsync: "everysec" },
      /needs appendfsync always, and has everysec/,
    ],
    ["before 7.2 where CONFIG is forbidden", {}, undefined, /may not ask/],
    ["before 7.2 where rewrites pause it", {}, { ...ALWAYS, "no-appendfsync-on-rewrite": "yes" }, /has yes/],
    ["where the file is never synced", { redis_version: "7.2.0" }, { ...ALWAYS, appendfsync: "no" }, /never syncs/],
  ])("%s", (_, lines, settings, message) => {
    const why = whyNotDurable(facts(lines, settings), "fsynced");
    expect(why).toMatchObject({ code: "FAILED_PRECONDITION", message: expect.stringMatching(message) });
  });
});

test("a replica that is not through with its first copy does not count", () => {
  expect(whyNotDurable(facts({}, ALWAYS), "replicated")).toBeUndefined();
  expect(whyNotDurable(facts({}, ALWAYS), "replicated(2)")).toMatchObject({ code: "UNAVAILABLE", retryable: true });
});

test("a replica proves nothing", () => {
  expect(whyNotDurable(facts({ role: "slave" }, ALWAYS), "fsynced")).toMatchObject({ code: "UNAVAILABLE" });
});
