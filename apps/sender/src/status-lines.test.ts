import { ChappeError, type Status } from "@chappe/client";
import { expect, test } from "vitest";
import { statusLines } from "./status-lines.ts";

const stream = { kind: "publish" } as const;

function disconnected(router: string): Status {
  const error = new ChappeError("UNAVAILABLE", `${router}: connection refused`);
  return { kind: "disconnected", router, stream, error, retryInMs: 50 };
}

test("trouble is told once for each router, and so is its end", () => {
  const lines: string[] = [];
  const listener = statusLines((line) => lines.push(line));
  listener({ kind: "connected", router: "a:1", stream });
  for (const router of ["a:1", "b:2", "a:1", "b:2"]) listener(disconnected(router));
  listener({ kind: "connected", router: "a:1", stream });
  listener({ kind: "connected", router: "a:1", stream });
  expect(lines).toEqual([
    "cannot reach a:1: connection refused; trying again",
    "cannot reach b:2: connection refused; trying again",
    "connected to a:1",
  ]);
});
