import { readdirSync, readFileSync } from "node:fs";
import { createBroker, createMemoryBackend } from "@chappe/broker";
import { expect, test } from "vitest";
import { createTestApp } from "./fixtures/test-app.ts";
import { createMetrics, startHttpRouter } from "./index.ts";
import { OPTION_HEADERS } from "./plain-message.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's example prints what it says", async () => {
  const [, example = ""] = /```ts\n([^]*?)```/.exec(readme) ?? [];
  const promised = [...example.matchAll(/^\/\/ → (.*)$/gm)].map(([, line]) => line);
  const body = example.replaceAll(/^import .*\n/gm, "");
  const said: string[] = [];
  const names = ["createBroker", "createMemoryBackend", "createMetrics", "startHttpRouter", "console"];
  const AsyncFunction = (async () => {}).constructor as new (
    ...texts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const log = (...words: unknown[]) => said.push(words.join(" "));
  await new AsyncFunction(...names, body)(createBroker, createMemoryBackend, createMetrics, startHttpRouter, { log });
  expect(said).toEqual(promised);
  expect(promised).toHaveLength(1);
});

test("the README names every file, and none that is not there", () => {
  const named = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name);
  const files = readdirSync(new URL(".", import.meta.url)).filter((name) => /^[a-z-]+\.ts$/.test(name));
  expect(new Set(named)).toEqual(new Set(files.filter((name) => name !== "index.ts")));
});

test("the README names every header of a message", () => {
  for (const header of Object.values(OPTION_HEADERS)) expect(readme).toContain(`\`${header}\``);
});

test("the README names every metric", async () => {
  const metrics = createMetrics();
  await using fixture = createTestApp({ metrics });
  metrics.observeStore(createMemoryBackend().connect());
  metrics.close();
  const { body } = await fixture.app.inject("/metrics");
  const names = [...body.matchAll(/^# TYPE (chappe_\w+)/gm)].map(([, name]) => name!);
  const missing = names.filter((name) => {
    const ending = /_(?:batches|bytes)_total$|_(?:oldest_age_seconds|(?:dead_letters|expired|trimmed)_total)$/.exec(
      name,
    )?.[0];
    return !readme.includes(name) && !(ending !== undefined && readme.includes(`…${ending}`));
  });
  expect(missing).toEqual([]);
});
