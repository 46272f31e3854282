import { expect, test } from "vitest";
import { GapDetector } from "./gap-detector.ts";

function message(sequence: number, producerId = "aa", index = 0) {
  return { sender: "s", address: "topic:t", source: { producerId, sequence, index } };
}

function noteAll(detector: GapDetector, ...sequences: number[]) {
  return sequences.map((sequence) => detector.note(message(sequence)));
}

function ranges(detector: GapDetector, minAgeMs?: number): [number, number][] {
  return detector.open(minAgeMs).map(({ first, last }) => [first, last]);
}

test("what comes in order has no gap, wherever it begins and however often it comes", () => {
  const detector = new GapDetector();
  expect(noteAll(detector, 7, 7, 8, 9, 8, 9, 10).every((gap) => gap === undefined)).toBe(true);
  expect(detector.open()).toEqual([]);
});

test("a number that is passed over is told at once, with sender and address", () => {
  const detector = new GapDetector({ now: () => 42 });
  const [, gap] = noteAll(detector, 1, 5);
  expect(gap).toEqual({ sender: "s", address: "topic:t", producerId: "aa", first: 2, last: 4, sinceMs: 42 });
  expect(detector.open()).toEqual([gap]);
});

test("what comes late fills its gap, from any side", () => {
  const detector = new GapDetector();
  noteAll(detector, 1, 6, 4);
  expect(ranges(detector)).toEqual([
    [2, 3],
    [5, 5],
  ]);
  noteAll(detector, 5, 2);
  expect(ranges(detector)).toEqual([[3, 3]]);
  noteAll(detector, 3);
  expect(ranges(detector)).toEqual([]);
});

test("a gap's age counts from when it showed", () => {
  let nowMs = 1_000;
  const detector = new GapDetector({ now: () => nowMs });
  noteAll(detector, 1, 3);
  nowMs += 60_000;
  noteAll(detector, 5);
  expect(ranges(detector, 60_000)).toEqual([[2, 2]]);
  expect(ranges(detector)).toEqual([
    [2, 2],
    [4, 4],
  ]);
});

test("producers are told apart", () => {
  const detector = new GapDetector();
  for (const [sequence, producer] of [
    [1, "aa"],
    [5, "bb"],
    [2, "aa"],
    [6, "bb"],
  ] as const) {
    expect(detector.note(message(sequence, producer))).toBeUndefined();
  }
});

test("a message that nobody numbered says nothing", () => {
  expect(new GapDetector().note({ sender: "s", address: "topic:t", source: undefined })).toBeUndefined();
});

test("what was silent longest is forgotten beyond the limits", () => {
  const detector = new GapDetector({ maxProducers: 2, maxGaps: 1 });
  detector.note(message(1, "aa"));
  detector.note(message(1, "bb"));
  detector.note(message(3, "aa"));
  detector.note(message(5, "aa"));
  expect(ranges(detector)).toEqual([[4, 4]]);
  detector.note(message(1, "cc"));
  expect(detector.note(message(9, "bb"))).toBeUndefined();
  expect(ranges(detector)).toEqual([]);
});
