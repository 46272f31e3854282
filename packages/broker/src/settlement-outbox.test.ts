import { ManualClock } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import { SettlementOutbox } from "./settlement-outbox.ts";
import type { Settlement, Store } from "./store.ts";

const NAME = { address: "topic:orders", subscription: "billing" };
const RETRY_MS = 200;

function settlement(ref: string, action: Settlement["action"]): Settlement {
  const nothing = { settled: [], setback: undefined, retries: [], deadLetters: [] };
  return { ref, action, ...nothing, ackedMessages: 0, ackedBytes: 0, expiredMessages: 0 };
}

/** An outbox whose store answers each call when it is told to. */
function setUp() {
  const clock = new ManualClock();
  const calls: { readonly refs: string[]; readonly answer: PromiseWithResolvers<readonly string[]> }[] = [];
  const lost: string[] = [];
  const settle: Store["settle"] = (_, settlements) => {
    const answer = Promise.withResolvers<readonly string[]>();
    calls.push({ refs: settlements.map(({ ref }) => ref), answer });
    return answer.promise;
  };
  const store = { settle } as Store;
  const onTold = (_: readonly Settlement[], refs: readonly string[]) => lost.push(...refs);
  return { clock, calls, lost, outbox: new SettlementOutbox({ store, name: NAME, clock, retryMs: RETRY_MS, onTold }) };
}

describe("a settlement outbox", () => {
  it("tells the store one call after the other, and what it said of each", async () => {
    const { outbox, calls, lost } = setUp();
    outbox.send([settlement("a", "remove")]);
    outbox.send([settlement("b", "return")]);
    outbox.send([settlement("c", "keep")]);
    expect(calls.map(({ refs }) => refs)).toEqual([["a"]]);
    expect([...outbox.leaving]).toEqual([
      ["a", "remove"],
      ["b", "return"],
    ]);
    calls[0]!.answer.resolve(["a"]);
    await expect.poll(() => calls.map(({ refs }) => refs)).toEqual([["a"], ["b", "c"]]);
    expect([...outbox.leaving.keys()]).toEqual(["b"]);
    calls[1]!.answer.resolve([]);
    await outbox.told;
    expect(lost).toEqual(["a"]);
    expect(outbox.leaving.size).toBe(0);
  });

  it("tells a store again that did not answer, ahead of what came up meanwhile", async () => {
    const { outbox, calls, clock } = setUp();
    outbox.send([settlement("a", "remove")]);
    calls[0]!.answer.reject(new Error("gone"));
    await clock.advance(1);
    outbox.send([settlement("b", "remove")]);
    expect(calls).toHaveLength(1);
    await clock.advance(RETRY_MS);
    expect(calls[1]?.refs).toEqual(["a", "b"]);
  });
});
