import { expect, test } from "vitest";
import { startChappe } from "./chappe-stack.ts";

test("a delayed message comes at its time, one taken back never, and one sent again is stored once", async () => {
  await using chappe = await startChappe();
  const to = ["--to", "receiver-01"];
  const send = async (...args: string[]) => {
    const sender = chappe.sender([...to, "--print-ids", ...args]);
    const { code } = await sender.exit;
    return { code, id: sender.stdout[0] ?? "" };
  };
  const atMs = Date.now() + 3_000;
  const at = (ms: number) => ["--deliver-at", new Date(ms).toISOString()];
  expect(await send(...at(atMs), "kept")).toMatchObject({ code: 0 });
  const back = await send(...at(atMs + 600_000), "taken back");
  expect(await chappe.sender([...to, "--cancel", back.id]).exit).toMatchObject({ code: 0 });
  expect(await chappe.sender([...to, "--cancel", back.id]).exit).toMatchObject({ code: 1 });
  const once = ["--deduplication-id", "order-7", "order 7"];
  const first = await send(...once);
  expect(await send(...once)).toEqual(first);
  await send("--ttl-ms", "1", "late");

  const receiver = chappe.receiver(["receiver-01", "--json", "--count", "2"]);
  expect(await receiver.exit).toMatchObject({ code: 0 });
  expect(Date.now()).toBeGreaterThanOrEqual(atMs);
  expect(receiver.stdout.map((line) => JSON.parse(line).text)).toEqual(["order 7", "kept"]);
});
