import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ManualClock } from "@chappe/testing";
import { expect, test } from "vitest";
import { HeldProducers } from "./held-producers.ts";
import { Producer } from "./producer.ts";
import { SendLine } from "./send-line.ts";

function heldProducers() {
  const clock = new ManualClock();
  const line = new SendLine({ bytes: 1_000, batches: 10 });
  const limits = { firstMs: 50, maxMs: 2_000 };
  return { clock, held: new HeldProducers({ line, clock, limits, random: () => 0.5, onReleased: () => {} }) };
}

function newProducer(): Producer {
  return new Producer({ sender: "s", address: "receiver:r", destinationKey: "to", durability: "accepted" });
}

test("a producer pauses longer each time, until it has a success", async () => {
  const { clock, held } = heldProducers();
  const producer = newProducer();
  const pauseMs = async () => {
    held.hold(producer);
    const fromMs = clock.now();
    while (producer.isHeld) await clock.advance(1);
    return clock.now() - fromMs;
  };
  expect([await pauseMs(), await pauseMs(), await pauseMs()]).toEqual([25, 50, 100]);
  expect(held.isTroubled(producer)).toBe(true);
  held.succeed(producer);
  expect(held.isTroubled(producer)).toBe(false);
  expect(await pauseMs()).toBe(25);
});

test("a producer that has a success meanwhile pauses no longer", () => {
  const { clock, held } = heldProducers();
  const producer = newProducer();
  held.hold(producer);
  held.succeed(producer);
  expect([producer.isHeld, clock.pendingTimers]).toEqual([false, 0]);
});

test("a producer that never succeeds again is not kept once it has paused", async () => {
  const { clock, held } = heldProducers();
  const troubled = (() => {
    const producer = newProducer();
    held.hold(producer);
    return new WeakRef(producer);
  })();
  await clock.advance(2_000);
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  await nextTurn();
  collectGarbage();
  expect(troubled.deref()).toBeUndefined();
  held.close();
});
