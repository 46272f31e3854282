import { expect, test } from "vitest";
import type { Session } from "./session.ts";
import { SessionRegistry } from "./session-registry.ts";

/** A stream that leaves when it is told to, at the latest by `leavesOn`. */
function fakeSession(leavesOn: "drain" | "close" | "never", peer = "p1") {
  const calls: string[] = [];
  const left = Promise.withResolvers<void>();
  const told = (call: "drain" | "close"): void => {
    calls.push(call);
    if (call === leavesOn) left.resolve();
  };
  const session: Session = { peer, gone: left.promise, drain: () => told("drain"), close: () => told("close") };
  return { session, calls };
}

test("streams that leave when asked are not ended", async () => {
  const registry = new SessionRegistry();
  const { session, calls } = fakeSession("drain");
  registry.add(session);
  expect(await registry.drain(10_000)).toBe(0);
  expect(calls).toEqual(["drain"]);
});

test("those that do not are ended at the deadline, and those that cannot be ended are counted", async () => {
  const registry = new SessionRegistry();
  const [late, never] = [fakeSession("close"), fakeSession("never")];
  registry.add(late.session);
  registry.add(never.session);
  expect(await registry.drain(10)).toBe(1);
  expect(late.calls).toEqual(["drain", "close"]);
});

test("a stream that comes too late is turned away", async () => {
  const registry = new SessionRegistry();
  await registry.drain(10);
  const { session, calls } = fakeSession("close");
  registry.add(session);
  expect(calls).toEqual(["close"]);
});

test("a unary call is waited for", async () => {
  const registry = new SessionRegistry();
  const answered = Promise.withResolvers<void>();
  let done = false;
  registry.addUnary(answered.promise);
  const drained = registry.drain(10_000).then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toBe(false);
  answered.resolve();
  await drained;
});

test("the streams of one connection can be asked alone", async () => {
  const registry = new SessionRegistry();
  const [one, other] = [fakeSession("close", "p1"), fakeSession("close", "p2")];
  registry.add(one.session);
  registry.add(other.session);
  await registry.drainPeer("p1", 10);
  expect([one.calls, other.calls]).toEqual([["drain", "close"], []]);
});
