import { readdirSync, readFileSync } from "node:fs";
import { createBroker, createMemoryBackend } from "@chappe/broker";
import { expect, test } from "vitest";
import { startRouter } from "./index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's example runs as it stands there", async () => {
  const [, example = ""] = /```ts\n([^]*?)```/.exec(readme) ?? [];
  const body = example.replaceAll(/^import .*\n/gm, "");
  const said: string[] = [];
  const names = ["createBroker", "createMemoryBackend", "startRouter", "console"];
  const AsyncFunction = (async () => {}).constructor as new (
    ...texts: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const run = new AsyncFunction(...names, body);
  await run(createBroker, createMemoryBackend, startRouter, { log: (line: string) => said.push(line) });
  expect(said).toEqual([expect.stringMatching(/^serving on 127\.0\.0\.1:\d+$/)]);
});

test("the README names every file, and none that is not there", () => {
  const named = [...readme.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name);
  const files = readdirSync(new URL(".", import.meta.url)).filter((name) => /^[a-z-]+\.ts$/.test(name));
  const small = ["index.ts", "listen-target.ts", "tls-credentials.ts"];
  expect(new Set(named)).toEqual(new Set(files.filter((name) => !small.includes(name))));
});
