import { execSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { spawnProgram } from "@chappe/testing";
import { expect, it } from "vitest";
import { startChappe } from "./chappe-stack.ts";

/** The README's blocks of TypeScript, in their order. */
async function readmePrograms(): Promise<string[]> {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  return [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code as string);
}

const hasCurl = spawnSync("curl", ["--version"]).error === undefined;

it.runIf(hasCurl)("the README's calls over HTTP do what the README says", async () => {
  await using chappe = await startChappe();
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const section = /^## Over HTTP\n(.*?)^## /ms.exec(readme)![1]!;
  const calls = [...section.matchAll(/^curl .*$/gm)].map(([call]) =>
    call.replace("localhost:9080", new URL(chappe.router.url).host),
  );
  expect(calls).toHaveLength(3);
  const [send, receive, settle] = calls as [string, string, string];
  const answer = (call: string): unknown => JSON.parse(execSync(`${call} --silent`, { encoding: "utf8" }));

  expect(answer(send)).toMatchObject({ receipt: { durability: "accepted" } });
  const stream = spawn("sh", ["-c", `exec ${receive} --silent`], { stdio: ["ignore", "pipe", "ignore"] });
  const [, delivery] = await firstMatch(stream.stdout, /^data: \{"delivery":"([^"]+)".*"body":"hello"\}$/);
  expect(answer(settle.replace("…", delivery!))).toEqual({ settled: 1 });
  const exit = once(stream, "exit");
  stream.kill();
  await exit;
});

/** The match in the first line that matches. */
async function firstMatch(lines: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  for await (const line of createInterface(lines)) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  throw new Error(`no line matched ${pattern}`);
}

it("the README's programs do what the README says", async () => {
  await using chappe = await startChappe();
  // Beside this file, so that the programs find the packages as a user's own would.
  const folder = await mkdtemp(join(import.meta.dirname, "../.readme-"));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const programs = await readmePrograms();
  const start = async (index: number) => {
    const file = join(folder, `program-${index}.ts`);
    await writeFile(file, (programs[index] as string).replaceAll("localhost:9090", chappe.router.address));
    return spawnProgram(file);
  };
  expect(programs).toHaveLength(4);

  await using sender = await start(0);
  expect(await sender.exit).toEqual({ code: 0, signal: null });

  await using receiver = await start(1);
  expect(await receiver.exit).toEqual({ code: 0, signal: null });
  expect(receiver.stdout).toEqual(["sender-01 hello go message broker", 'sender-01 {"order":7}']);

  await using inTime = await start(3);
  expect(await inTime.exit).toEqual({ code: 0, signal: null });
  expect(inTime.stdout).toEqual(["taken back"]);

  await using billing = await start(2);
  await billing.waitForLine(/^billing order 7$/);
  billing.kill("SIGTERM");
  expect(await billing.exit).toEqual({ code: 0, signal: null });
});
