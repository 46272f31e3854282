import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { spawnProgram, waitFor } from "@chappe/testing";
import { expect, test } from "vitest";
import { appProgram, type ChappeStack, startChappe } from "./chappe-stack.ts";

const shell = promisify(execFile);

interface DeadLetters {
  readonly deadLetters: readonly { readonly id: string; readonly message: { readonly id: string } }[];
}

async function deadLettersOf(stack: ChappeStack, ...place: string[]): Promise<DeadLetters["deadLetters"]> {
  const { stdout } = await stack.chappe(["dead", "list", ...place, "--json"]);
  return (JSON.parse(stdout.join("\n")) as DeadLetters).deadLetters;
}

/** The README's commands of an operator, in their order, asking this stack's router. */
async function readmeCommands(): Promise<string[]> {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const section = /^## When something is stuck\n(.*?)^## /ms.exec(readme)![1]!;
  return [...section.matchAll(/^pnpm chappe (.*)$/gm)].map(([, command]) => command!);
}

/** The README's program that rejects orders without an id, and one in which that is mended. */
async function billingPrograms(router: string): Promise<{ readonly strict: string; readonly mended: string }> {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const programs = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code!);
  const strict = programs.find((code) => code.includes("throw new Reject"))!.replaceAll("localhost:9090", router);
  const mended = strict
    .replace(/^ .*throw new Reject.*\n/m, "")
    .replace("order.id)", 'order.id ?? "without an id")')
    .replace(/^await chappe\.sender.*\n/m, "");
  return { strict, mended };
}

const LONG = { timeout: 60_000 };

// A program for each command that the README names.
test("a message that was rejected comes again when its handler is mended, as the README says", LONG, async () => {
  await using chappe = await startChappe();
  const folder = await mkdtemp(join(import.meta.dirname, "../.stuck-"));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const programs = await billingPrograms(chappe.router.address);
  const start = async (name: keyof typeof programs) => {
    const file = join(folder, `${name}.ts`);
    await writeFile(file, programs[name]);
    return spawnProgram(file);
  };
  const archive = await chappe.ready(["--topic", "orders", "--subscription", "archive", "--count", "1"]);
  await using strict = await start("strict");
  await strict.waitForLine(/^billing order 7$/);
  await archive.exit;
  const send = chappe.sender(["--topic", "orders", "--type", "order.created", '{"no":"id"}']);
  expect(await send.exit).toMatchObject({ code: 0 });
  await waitFor(async () => (await deadLettersOf(chappe, "topic:orders", "--subscription", "billing")).length === 1);
  strict.kill();
  await strict.exit;

  const run = async (command: string) => {
    const program = `${process.execPath} ${appProgram("cli")}`;
    const env = { ...process.env, CHAPPE_ROUTER: chappe.router.adminAddress };
    const { stdout } = await shell("sh", ["-c", `${program} ${command.replace(/--force|^seek/, "$& --yes")}`], { env });
    return stdout;
  };
  const [addresses, peek, list, redrive, seek, remove, ...others] = await readmeCommands();
  expect(others).toEqual([]);
  expect(await run(addresses!)).toMatch(/^topic:orders +billing +0 .* 1 +\d+$/m);
  expect(await run(peek!)).toContain('{"no":"id"}');
  expect(await run(list!)).toMatch(/ order\.created +an order needs an id$/m);

  await using mended = await start("mended");
  expect(await run(redrive!)).toBe("1 message put back into the queue of topic:orders/billing\n");
  await mended.waitForLine(/^billing order without an id$/);
  expect(await deadLettersOf(chappe, "topic:orders", "--subscription", "billing")).toEqual([]);
  expect(await run(seek!)).toBe("topic:orders/billing moved to earliest\n");
  await mended.waitForLine(/^billing order 7$/);
  expect(await run(remove!)).toBe("topic:orders/archive deleted\n");
  expect(await run("addresses --rate-ms 0")).not.toContain("archive");
  mended.kill();
  await mended.exit;
});

test("what waits is purged, and what is empty deleted without force", LONG, async () => {
  await using chappe = await startChappe();
  const lines = Array.from({ length: 2_000 }, (_, index) => `message ${index}`).join("\n");
  expect(await chappe.sender(["--to", "receiver-01", "-"], { input: lines }).exit).toMatchObject({ code: 0 });
  const remove = () => chappe.chappe(["delete", "address", "receiver:receiver-01", "--yes"]);
  expect(await remove()).toMatchObject({ code: 1, stderr: [expect.stringContaining("has messages")] });
  const purged = await chappe.chappe(["purge", "receiver:receiver-01", "--yes"]);
  expect(purged.stdout).toEqual(["2000 messages of receiver:receiver-01 deleted"]);
  expect(await remove()).toMatchObject({ code: 0 });
});
