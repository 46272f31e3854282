import { describe, expect, test } from "vitest";
import { openLoop, unpaced } from "./pace.ts";

const never = new AbortController().signal;

describe("an open loop", () => {
  test("spaces messages evenly from the first one on", async () => {
    const pace = openLoop(200);
    const first = await pace.due(never);
    const due = [await pace.due(never), await pace.due(never)];
    expect(due.map((at) => Math.round((at - first) * 10) / 10)).toEqual([5, 10]);
    expect(performance.now()).toBeGreaterThanOrEqual(first + 10);
  });

  test("does not wait for what is late already, and tells when it was due", async () => {
    const pace = openLoop(1_000_000);
    const first = await pace.due(never);
    while (performance.now() < first + 5);
    const late = pace.due(never);
    expect(late).toBeTypeOf("number");
    expect(late).toBeCloseTo(first + 0.001);
  });

  test("stops waiting when it is told to", async () => {
    const stop = new AbortController();
    const pace = openLoop(0.001);
    await pace.due(stop.signal);
    const waiting = pace.due(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});

test("without a pace, a message is due at once", () => {
  expect(unpaced().due(never)).toBeTypeOf("number");
});
