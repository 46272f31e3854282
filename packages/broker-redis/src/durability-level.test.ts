import { startRedis, type RedisFixture, waitFor } from "@chappe/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { DurabilityLevel } from "./durability-level.ts";
import { TestProducer } from "./fixtures/store-traffic.ts";
import type { KeyHolder } from "./redis-servers.ts";

const NAME = "test";

describe.skipIf(process.env["REDIS_URL"])("a durability", () => {
  let redis: RedisFixture;
  let driver: Redis;
  let runId: string;
  beforeAll(async () => {
    redis = await startRedis({ appendonly: "always", tcp: true });
    driver = new Redis(redis.url);
    runId = /^run_id:(\w+)/m.exec(await driver.info("server"))?.[1] ?? "";
  });
  afterAll(async () => {
    driver.disconnect();
    await redis.stop();
  });

  /** Appends one batch, while the key's holder is `then` when it is sent and `now` when it is answered. */
  async function append(then: Partial<KeyHolder>, now: Partial<KeyHolder> | undefined) {
    const server = { host: "127.0.0.1", port: redis.port ?? 0 };
    const reached = { server, name: NAME, silenceMs: 5_000 };
    const holder: KeyHolder = { node: "a:1", moves: 1, runId, reached };
    let answered = false;
    const level = new DurabilityLevel({
      durability: "fsynced",
      holder,
      timeoutMs: 1_000,
      append: async (batches) => {
        answered = true;
        return batches.map(() => ({ ok: true, duplicate: false, epoch: "e", durability: "accepted" }) as const);
      },
      holderOf: () => (answered ? now && { ...holder, ...now } : { ...holder, ...then }),
    });
    onTestFinished(() => level.close());
    return level.append([new TestProducer().batch("a")], ["barrier"]);
  }

  async function connectionId(): Promise<string | undefined> {
    const list = String(await driver.client("LIST"));
    return new RegExp(`^id=(\\d+) .*name=${NAME}-fsynced `, "m").exec(list)?.[1];
  }

  it("is answered when the server that is waited for has stored the batch", async () => {
    expect(await append({}, {})).toMatchObject([{ ok: true, durability: "fsynced" }]);
  });

  it.each([
    ["another process has answered", {}, { runId: "another" }],
    ["it is not known who has answered", {}, { runId: undefined }],
    ["the slot has gone to another node", {}, { node: "b:1", moves: 2 }],
    ["the slot has gone, and come back", {}, { moves: 3 }],
    ["the slot had gone before it was sent", { node: "b:1", moves: 2 }, { node: "b:1", moves: 2 }],
    ["nobody is known to have the slot", {}, undefined],
  ])("is not answered when %s", async (_, then, now) => {
    expect(await append(then, now)).toMatchObject([
      { ok: false, error: { code: "UNAVAILABLE", message: expect.stringMatching(/restarted or replaced/) } },
    ]);
  });

  it("is waited for on a new connection when the old one leads to another process", async () => {
    const appending = append({}, { runId: "another" });
    const first = await waitFor(connectionId);
    await appending;
    await waitFor(async () => {
      const id = await connectionId();
      return id !== undefined && id !== first;
    });
  });
});
