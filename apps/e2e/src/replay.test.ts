import { expect, test } from "vitest";
import { startChappe } from "./chappe-stack.ts";

const PLACE = ["topic:orders", "--subscription", "billing"];

test("what a subscription has handled is handled again, under the same ids, when it is moved back", async () => {
  await using chappe = await startChappe();
  const billing = await chappe.ready(["--topic", "orders", "--subscription", "billing", "--json"]);
  const orders = ["one", "two", "three"];
  const sender = chappe.sender(["--topic", "orders", "-"], { input: orders.join("\n") });
  expect(await sender.exit).toMatchObject({ code: 0 });
  await expect.poll(() => billing.stdout.length, { timeout: 10_000 }).toBe(3);

  expect(await chappe.chappe(["seek", ...PLACE, "--to", "earliest"])).toMatchObject({ code: 2, stdout: [] });
  const sought = await chappe.chappe(["seek", ...PLACE, "--to", "earliest", "--yes"]);
  expect(sought).toMatchObject({ code: 0, stdout: ["topic:orders/billing moved to earliest"] });
  await expect.poll(() => billing.stdout.length, { timeout: 10_000 }).toBe(6);
  const handled = billing.stdout.map((line) => JSON.parse(line) as { id: string; text: string; attempt: number });
  expect(handled.map(({ text }) => text)).toEqual([...orders, ...orders]);
  expect(handled.slice(3)).toEqual(handled.slice(0, 3));
  await chappe.router.process.waitForLine(/"method":"Seek".*"position":"earliest".*changed by an operator/);
});
