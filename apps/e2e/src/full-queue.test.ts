import { expect, test } from "vitest";
import { startChappe } from "./chappe-stack.ts";

test("a sender waits while its receiver's queue is full, and all that it sends arrives in order", async () => {
  await using chappe = await startChappe({}, ["--max-queue-messages", "5"]);
  const filling = Array.from({ length: 5 }, (_, number) => `first ${number}`);
  expect(await chappe.sender(["--to", "ada", ...filling]).exit).toMatchObject({ code: 0 });
  const refused = await fetch(`${chappe.router.url}/v1/messages?sender=a&to=ada`, { method: "POST", body: "x" });
  expect(await refused.json()).toMatchObject({ status: 429, detail: expect.stringContaining("5 may wait") });

  const lines = Array.from({ length: 40 }, (_, number) => `line ${number}`);
  const sender = chappe.sender(["--to", "ada", "-"], { input: lines.join("\n") });
  await sender.waitForLine(/^40 not safe yet; .*Last error: .*5 may wait/);
  const receiver = await chappe.ready(["ada", "--json", "--count", "45"]);
  expect(await sender.exit).toMatchObject({ code: 0 });
  expect(await receiver.exit).toMatchObject({ code: 0 });
  expect(receiver.stdout.map((line) => JSON.parse(line).text as string)).toEqual([...filling, ...lines]);
});
