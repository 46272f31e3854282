import { expect, test } from "vitest";
import { startChappe } from "./chappe-stack.ts";

test("every subscription of a topic gets every message; the consumers of one share its messages", async () => {
  await using chappe = await startChappe();
  const subscribe = (subscription: string, consumer: string) =>
    chappe.ready(["--topic", "orders", "--subscription", subscription, "--consumer", consumer, "--json"]);
  const [billing, shipping1, shipping2] = await Promise.all([
    subscribe("billing", "a"),
    subscribe("shipping", "b"),
    subscribe("shipping", "c"),
  ]);

  const orders = Array.from({ length: 200 }, (_, id) => JSON.stringify({ id }));
  const sender = chappe.sender(["--topic", "orders", "--content-type", "application/json", "-"], {
    input: orders.join("\n"),
  });
  expect(await sender.exit).toMatchObject({ code: 0 });

  const texts = (...lines: readonly string[]) => lines.map((line) => JSON.parse(line).text as string);
  await expect.poll(() => billing.stdout.length, { timeout: 10_000 }).toBe(200);
  await expect.poll(() => shipping1.stdout.length + shipping2.stdout.length, { timeout: 10_000 }).toBe(200);
  expect(texts(...billing.stdout)).toEqual(orders);
  expect(texts(...shipping1.stdout, ...shipping2.stdout).toSorted()).toEqual(orders.toSorted());
});

test("a new subscription begins with the next message, or with the oldest when it is told to", async () => {
  await using chappe = await startChappe();
  const send = (text: string) => chappe.sender(["--topic", "news", text]).exit;
  const first = await chappe.ready(["--topic", "news", "--subscription", "first", "--json"]);
  await send("old");
  await first.waitForLine(/"old"/);

  const late = await chappe.ready(["--topic", "news", "--subscription", "late", "--json"]);
  const all = await chappe.ready(["--topic", "news", "--subscription", "all", "--from-start", "--json"]);
  await send("new");
  await Promise.all([late, all].map((receiver) => receiver.waitForLine(/"new"/)));
  expect(late.stdout.map((line) => JSON.parse(line).text)).toEqual(["new"]);
  expect(all.stdout.map((line) => JSON.parse(line).text)).toEqual(["old", "new"]);
});
