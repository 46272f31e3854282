import { globSync } from "node:fs";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { documentedRules } from "./fixtures/documented-user.ts";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { QUEUE, removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";

const FOLDER = fileURLToPath(new URL("./lua/", import.meta.url));
const SCRIPTS = globSync("*.lua", { cwd: FOLDER }).map((file) => [file, readFileSync(FOLDER + file, "utf8")] as const);

describe("scripts", () => {
  it("say in their head what they take, change and answer", () => {
    expect(SCRIPTS.length).toBeGreaterThan(4);
    for (const [file, text] of SCRIPTS) {
      const head = /^(#!lua.*\n)?(--.*\n)+/.exec(text)?.[0] ?? "";
      for (const word of ["KEYS", "ARGV", "Returns"]) expect(head, file).toMatch(new RegExp(`^-- ${word} `, "m"));
    }
  });

  it("do nothing that the Redis user of the README may not do", () => {
    const rules = documentedRules("any");
    for (const [file, text] of SCRIPTS) {
      const commands = [...text.matchAll(/redis\.p?call\('([A-Z]+)'(?:, '([A-Z]+)')?/g)];
      expect(commands.length, file).toBeGreaterThan(0);
      for (const [, command = "", part = ""] of commands) {
        const allowing = [`+${command}`, `+${command}|${part}`].map((rule) => rule.toLowerCase());
        expect(
          rules.some((rule) => allowing.includes(rule)),
          `${file}: ${command} ${part}`,
        ).toBe(true);
      }
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
