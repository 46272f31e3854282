import { expect, test } from "vitest";
import { keyOf } from "./command-key.ts";

test.each([
  [["XADD", "{p1}:stream", "*", "b", "value"], "{p1}:stream"],
  [["EVALSHA", "sha1", 2, "{p1}:stream", "{p1}:meta", "argument"], "{p1}:stream"],
  [["XREADGROUP", "GROUP", "receiver", "me", "COUNT", 10, "STREAMS", "{p1}:stream", ">"], "{p1}:stream"],
  [["XINFO", "GROUPS", "{p1}:stream"], "{p1}:stream"],
  [["EVALSHA", "sha1", 0, "argument"], undefined],
  [["PING"], undefined],
  [["SCRIPT", "LOAD", "return 1"], undefined],
])("%j goes where %s is", (command, key) => {
  expect(keyOf(command)).toBe(key);
});
