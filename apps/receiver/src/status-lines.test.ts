import { ChappeError, type Status } from "@chappe/client";
import { expect, test } from "vitest";
import { statusLines } from "./status-lines.ts";

const stream = { kind: "subscribe", address: "topic:orders", subscription: "billing" } as const;
const refused = new ChappeError("UNAVAILABLE", "a:1: connection refused");
const disconnected: Status = { kind: "disconnected", router: "a:1", stream, error: refused, retryInMs: 50 };
const connected: Status = { kind: "connected", router: "a:1", stream };

test("from where messages come is told each time, trouble once", () => {
  const lines: string[] = [];
  const listener = statusLines("topic:orders/billing", false, (line) => lines.push(line));
  for (const status of [disconnected, disconnected, connected, disconnected, connected]) listener(status);
  const trouble = "cannot reach a:1: connection refused; trying again";
  const receiving = "receiving topic:orders/billing from a:1";
  expect(lines).toEqual([trouble, receiving, trouble, receiving]);
});

test("what became of messages is told", () => {
  const lines: string[] = [];
  const listener = statusLines("receiver:a", false, (line) => lines.push(line));
  listener({ kind: "revoked", address: "receiver:a", messages: 3 });
  listener({ kind: "epochChanged", address: "receiver:a", epoch: "e" });
  expect(lines[0]).toMatch(/^3 messages were given to another consumer/);
  expect(lines[1]).toMatch(/^the store lost messages of receiver:a/);
});

test("of a subscription that was there before it is told, once, that it does not begin where it was said to", () => {
  const linesOf = (saysStart: boolean, ...resumed: boolean[]) => {
    const lines: string[] = [];
    const listener = statusLines("topic:orders/billing", saysStart, (line) => lines.push(line));
    for (const each of resumed) listener({ ...connected, resumed: each });
    return lines.filter((line) => !line.startsWith("receiving"));
  };
  expect(linesOf(true, true, true)).toEqual([
    "topic:orders/billing was there before and goes on where it stands: --from is for a new one; chappe seek moves it",
  ]);
  expect(linesOf(true, false, true)).toEqual([]);
  expect(linesOf(false, true)).toEqual([]);
});
