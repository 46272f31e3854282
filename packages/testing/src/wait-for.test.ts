import { expect, test } from "vitest";
import { waitFor } from "./wait-for.ts";

test("returns the first truthy value", async () => {
  let calls = 0;
  expect(await waitFor(() => (++calls === 30 ? "there" : ""))).toBe("there");
});

test("takes a throwing condition for one that is not yet true", async () => {
  let calls = 0;
  const condition = async () => {
    if (++calls < 3) throw new Error("not yet");
    return calls;
  };
  expect(await waitFor(condition)).toBe(3);
});

test("says after the deadline what it waited for and what it saw last", async () => {
  const waiting = waitFor(() => 0, { deadlineMs: 10, describe: "three routers" });
  await expect(waiting).rejects.toThrow("Not so after 10 ms: three routers. Last seen: 0");
});
