import { waitFor } from "@chappe/testing";
import { expect, it, onTestFinished, vi } from "vitest";
import { Departures } from "./departures.ts";

const subscription = (address: string) => ({ address, subscription: "" });

/** Departures of a store that refuses to be told of some addresses, and the addresses of which it was told. */
function setUp(...away: string[]) {
  const refused = new Set(away);
  const told: string[] = [];
  const departures = new Departures(async ({ address }) => {
    if (refused.has(address)) throw new Error("away");
    told.push(address);
  });
  onTestFinished(() => departures.end());
  return { departures, told, refused };
}

it("are told again to whoever serves from now on, and as often as that changes", async () => {
  const { departures, told } = setUp();
  departures.note(subscription("receiver:a"));
  for (const times of [1, 2]) {
    departures.doubtAll();
    await waitFor(() => told.length === times);
  }
});

it("do not wait for one that cannot be told, and that one is told once it can", async () => {
  const { departures, told, refused } = setUp("receiver:away");
  for (const address of ["receiver:away", "receiver:a"]) departures.note(subscription(address));
  departures.doubtAll();
  await waitFor(() => told.length === 1);
  expect(told).toEqual(["receiver:a"]);
  refused.clear();
  await waitFor(() => told.length === 2);
  expect(told).toEqual(["receiver:a", "receiver:away"]);
});

it("are forgotten after a minute, and when the subscription is open again", async () => {
  const { departures, told } = setUp();
  const now = vi.spyOn(performance, "now");
  onTestFinished(() => now.mockRestore());
  for (const [index, address] of ["receiver:old", "receiver:open", "receiver:young"].entries()) {
    now.mockReturnValue(index);
    departures.note(subscription(address));
  }
  departures.forget(subscription("receiver:open"));
  now.mockReturnValue(60_001);
  departures.doubtAll();
  now.mockRestore();
  await waitFor(() => told.length === 1);
  expect(told).toEqual(["receiver:young"]);
});
