import { expect, test } from "vitest";
import { startChappe } from "./chappe-stack.ts";

test("a message of sender-01 shows on the terminal of receiver-01, through a router, as three programs", async () => {
  await using chappe = await startChappe();
  const receiver = await chappe.ready(["receiver-01"]);
  const sender = chappe.sender(["--to", "receiver-01", "hello go message broker"]);

  expect(await sender.exit).toMatchObject({ code: 0 });
  expect(sender.stderr.join("\n")).toMatch(/sent 1 message to receiver:receiver-01/);
  await receiver.waitForLine(/sender-01 .*text\/plain; charset=utf-8 .*23 B .*hello go message broker$/);
  expect(receiver.stdout).toHaveLength(1);
});
