import { ChappeError } from "@chappe/message";
import { pino } from "pino";
import { expect, test } from "vitest";
import { logStoreEvents } from "./store-log.ts";

function setUp() {
  const lines: string[] = [];
  const log = pino(
    { base: null, timestamp: false },
    { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  return { lines, onEvent: logStoreEvents(log) };
}

const error = new ChappeError("UNAVAILABLE", "Redis: connect ECONNREFUSED");

test("a Redis that is away takes one line, however often it is tried", () => {
  const { lines, onEvent } = setUp();
  for (let attempt = 0; attempt < 5; attempt++) {
    onEvent({ kind: "disconnected", error });
    onEvent({ kind: "not-waking", error });
  }
  onEvent({ kind: "waking" });
  onEvent({ kind: "connected" });
  onEvent({ kind: "disconnected", error });
  expect(lines).toEqual(["Redis is out of reach; trying on", "connected to Redis", "Redis is out of reach; trying on"]);
});

test("what Redis does not let the router do takes a line", () => {
  const { lines, onEvent } = setUp();
  onEvent({ kind: "refused", error });
  expect(lines).toEqual(["Redis refuses what this router needs"]);
});

test("wake-ups alone that do not arrive take a line, and so does their return", () => {
  const { lines, onEvent } = setUp();
  onEvent({ kind: "connected" });
  onEvent({ kind: "not-waking", error });
  onEvent({ kind: "not-waking", error });
  onEvent({ kind: "waking" });
  expect(lines.slice(1)).toEqual([expect.stringContaining("wake-ups do not arrive"), "wake-ups arrive again"]);
});
