import { type ProgramUnderTest, startRedisCluster, startRedisSentinel } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { type ChappePrograms, startPrograms } from "./chappe-stack.ts";

async function passes(chappe: ChappePrograms, receiver: ProgramUnderTest, text: string): Promise<void> {
  const sender = chappe.sender(["--to", "receiver-01", text]);
  expect(await sender.exit).toMatchObject({ code: 0 });
  await receiver.waitForLine(new RegExp(text), 30_000);
}

describe.skipIf(process.env["REDIS_URL"])(
  "messages go on after a failover of",
  { concurrent: true, timeout: 90_000 },
  () => {
    test("a Redis with sentinels", async () => {
      await using redis = await startRedisSentinel();
      await using chappe = await startPrograms(redis.url);
      const receiver = await chappe.ready(["receiver-01"]);
      await passes(chappe, receiver, "before the failover");
      await redis.failOver();
      await passes(chappe, receiver, "after the failover");
    });

    test("every master of a Redis Cluster", async () => {
      await using cluster = await startRedisCluster({ masters: 3, replicas: 1 });
      await using chappe = await startPrograms(cluster.url);
      const receiver = await chappe.ready(["receiver-01"]);
      await passes(chappe, receiver, "before the failover");
      for (const master of cluster.nodes.slice(0, 3)) await cluster.failOver(master);
      await passes(chappe, receiver, "after the failover");
    });
  },
);
