import { globSync } from "node:fs";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { QUEUE, removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";

describe("scripts", () => {
  it("say in their head what they take, change and answer", () => {
    const folder = fileURLToPath(new URL("./lua/", import.meta.url));
    const files = globSync("*.lua", { cwd: folder });
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const head = /^(#!lua.*\n)?(--.*\n)+/.exec(readFileSync(folder + file, "utf8"))?.[0] ?? "";
      for (const word of ["KEYS", "ARGV", "Returns"]) expect(head, file).toMatch(new RegExp(`^-- ${word} `, "m"));
    }
  });

  it.skipIf(process.env["REDIS_URL"])("are loaded again when Redis forgets them, unnoticed and in order", async () => {
    await using stage = await RedisStage.start();
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    const producer = new TestProducer();
    const texts: string[] = [];
    for (let round = 0; round < 5; round++) {
      await stage.driver.script("FLUSH");
      const batches = [producer.batch(`${round}a`), producer.batch(`${round}b`)];
      const results = await Promise.all(batches.map((batch) => store.append([batch], "accepted")));
      expect(results.flat().map((result) => result.ok)).toEqual([true, true]);
      await stage.driver.script("FLUSH");
      const entries = await take(store, QUEUE, 2);
      await stage.driver.script("FLUSH");
      expect(
        await store.settle(
          QUEUE,
          entries.map((entry) => removal(entry)),
        ),
      ).toEqual([]);
      texts.push(...entries.flatMap(textsOf));
    }
    expect(texts).toEqual(["0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b"]);
    expect(await store.inspect(QUEUE.address)).toMatchObject({
      published: 10,
      subscriptions: [{ depth: 0, acked: 10 }],
    });
  });
});
