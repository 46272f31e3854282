import { describe, expect, test } from "vitest";
import { messageIdAt, newIdBytes } from "./message-id.ts";
import { checkStartFrom, idTimeMs, isIdAmong, parseStartFrom } from "./start-from.ts";

const ID = "0198c9a2-5a2b-7c3d-8e4f-00112233445a";

describe("a position", () => {
  test.each([
    ["latest", "latest"],
    ["earliest", "earliest"],
    ["2026-11-25T09:30:00Z", { timeMs: Date.UTC(2026, 10, 25, 9, 30) }],
    ["2026-11-25T09:30+01:00", { timeMs: Date.UTC(2026, 10, 25, 8, 30) }],
    [ID.toUpperCase(), { messageId: ID }],
  ])("is read from the text %s", (text, position) => {
    expect(parseStartFrom(text, "--from")).toEqual(position);
  });

  test.each(["", "now", "2026-11-25", "25.11.2026", "0198c9a2-5a2b-4c3d-8e4f-00112233445a", "1764063000000"])(
    "is not read from the text %j",
    (text) => {
      expect(() => parseStartFrom(text, "--from")).toThrow(/^--from .*: must be latest, earliest, a time such as/);
    },
  );

  test.each([
    ["now", /startFrom .*now.*: allowed are/],
    [{ timeMs: 0 }, /timeMs 0 must be/],
    [{ timeMs: 1.5 }, /timeMs 1.5 must be/],
    [{ messageId: "mine" }, /messageId "mine" must be a UUIDv7/],
    [{ timeMs: 1, messageId: ID }, /allowed are/],
    [null, /allowed are/],
  ])("that is none is refused: %j", (value, problem) => {
    expect(() => checkStartFrom(value as never)).toThrow(problem);
  });

  test("that is one passes unchanged", () => {
    for (const position of ["latest", "earliest", { timeMs: 7 }, { messageId: ID }] as const) {
      expect(checkStartFrom(position)).toEqual(position);
    }
  });
});

test("an id says when it was made", () => {
  const before = Date.now();
  expect(idTimeMs(messageIdAt(newIdBytes(), 0))).toBeGreaterThanOrEqual(before);
  expect(idTimeMs(ID)).toBe(0x0198c9a25a2b);
});

test("a batch has the ids that count up from its first, and no others", () => {
  const firstId = newIdBytes();
  const other = newIdBytes();
  expect([0, 1, 2].map((index) => isIdAmong(messageIdAt(firstId, index), firstId, 3))).toEqual([true, true, true]);
  expect(isIdAmong(messageIdAt(firstId, 3), firstId, 3)).toBe(false);
  expect(isIdAmong(messageIdAt(firstId, 0), other, 3)).toBe(false);
});
