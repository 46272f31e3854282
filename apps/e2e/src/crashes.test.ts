import { type ProgramUnderTest, waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { type ChappeStack, startChappe } from "./chappe-stack.ts";

const MESSAGES = 3000;

/** Starts a sender that takes about two seconds, and prints the id of each message once it is safe. */
function load(chappe: ChappeStack): ProgramUnderTest {
  return chappe.sender(["--to", "receiver-01", "--count", String(MESSAGES), "--rate", "1500", "--print-ids", "load"]);
}

/** Resolves when a program has printed so many lines: it is in the middle of its work. */
async function printed(program: ProgramUnderTest, lines: number): Promise<void> {
  await waitFor(() => program.stdout.length > lines, { deadlineMs: 15_000, describe: `${lines} printed lines` });
}

/** Resolves when every message that was acknowledged to the sender has been printed by one of the receivers. */
async function nothingIsMissing(sender: ProgramUnderTest, receivers: readonly ProgramUnderTest[]): Promise<void> {
  expect(await sender.exit).toMatchObject({ code: 0 });
  expect(sender.stdout).toHaveLength(MESSAGES);
  const missing = () => {
    const received = new Set(receivers.flatMap((receiver) => receiver.stdout).map(idOf));
    return sender.stdout.filter((id) => !received.has(id));
  };
  const deadlineMs = 40_000;
  await waitFor(() => missing().length === 0, { deadlineMs, describe: "nothing is missing" }).catch(() => {
    expect(missing()).toEqual([]);
  });
}

/** The id in a JSON line; undefined for a line that a killed program did not finish. */
function idOf(line: string): string | undefined {
  return /^\{"id":"([^"]+)"/.exec(line)?.[1];
}

describe("nothing that was acknowledged is missing after SIGKILL, under load, of", {
  concurrent: true,
  timeout: 60_000,
}, () => {
  test("a receiver: another one gets what it had not acknowledged", async () => {
    await using chappe = await startChappe();
    const killed = await chappe.ready(["receiver-01", "--json"]);
    const sender = load(chappe);
    await printed(killed, MESSAGES / 4);
    killed.kill("SIGKILL");
    await killed.exit;
    const successor = await chappe.ready(["receiver-01", "--json"]);
    await nothingIsMissing(sender, [killed, successor]);
  });

  test("the router: sender and receiver go on with the next one", async () => {
    await using chappe = await startChappe();
    const receiver = await chappe.ready(["receiver-01", "--json"]);
    const sender = load(chappe);
    await printed(receiver, MESSAGES / 4);
    await chappe.router.kill();
    await chappe.router.start();
    await nothingIsMissing(sender, [receiver]);
  });

  test.skipIf(process.env["REDIS_URL"])("Redis with its append-only file on", async () => {
    await using chappe = await startChappe({ appendonly: "everysec" });
    const receiver = await chappe.ready(["receiver-01", "--json"]);
    const sender = load(chappe);
    await printed(receiver, MESSAGES / 4);
    await chappe.redis.kill();
    await chappe.redis.restart();
    await nothingIsMissing(sender, [receiver]);
  });

  test.skipIf(process.env["REDIS_URL"])("Redis, when the sender is gone and cannot send anything again", async () => {
    await using chappe = await startChappe({ appendonly: "everysec" });
    const sender = load(chappe);
    await sender.exit;
    await chappe.redis.kill();
    await chappe.redis.restart();
    await nothingIsMissing(sender, [await chappe.ready(["receiver-01", "--json"])]);
  });
});
