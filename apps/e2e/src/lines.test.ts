import { expect, test } from "vitest";
import { startChappe } from "./chappe-stack.ts";

test("10,000 lines of standard input arrive once each, in order", async () => {
  await using chappe = await startChappe();
  const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
  const receiver = chappe.receiver(["receiver-01", "--json", "--count", String(lines.length)]);
  const sender = chappe.sender(["--to", "receiver-01", "--json-summary", "-"], { input: lines.join("\n") });

  expect(await sender.exit).toMatchObject({ code: 0 });
  expect(JSON.parse(sender.stdout.join(""))).toMatchObject({ sent: 10_000, receipts: 10_000, duplicates: 0 });
  expect(await receiver.exit).toMatchObject({ code: 0 });
  expect(receiver.stdout.map((line) => JSON.parse(line).text)).toEqual(lines);
});
