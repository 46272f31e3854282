import { describe, expect, it } from "vitest";
import { type PlannedCase, SuiteProgress, timeText } from "./suite-progress.ts";

const planned: PlannedCase[] = [
  { name: "one", seconds: 10 },
  { name: "two", seconds: 20 },
  { name: "three", seconds: 60 },
];

function started(terminal: { isTTY?: boolean; columns?: number } = {}) {
  let written = "";
  let nowMs = 5_000;
  const output = { ...terminal, write: (text: string) => (written += text) };
  const progress = new SuiteProgress(planned, output, () => nowMs);
  const taken = () => {
    const text = written;
    written = "";
    return text;
  };
  return { progress, taken, wait: (seconds: number) => (nowMs += seconds * 1_000) };
}

describe("progress", () => {
  it("is a line for each case where it goes to a file", () => {
    const { progress, taken, wait } = started();
    progress.next();
    expect(taken()).toBe("[1/3] one, about 1 min 30 s left\n");
    wait(10);
    progress.next();
    expect(taken()).toBe("[2/3] two, about 1 min 20 s left\n");
    progress.tell("FAILED two: it broke");
    progress[Symbol.dispose]();
    expect(taken()).toBe("FAILED two: it broke\n");
  });

  it("is one line that changes on a terminal, no longer than it, and gone in the end", () => {
    const { progress, taken, wait } = started({ isTTY: true, columns: 20 });
    progress.next();
    wait(1);
    progress.show();
    expect(taken()).toBe("\r\u001B[2K[1/3] one, about 1 \r\u001B[2K[1/3] one, about 1 ");
    progress.tell("FAILED one: it broke");
    expect(taken()).toBe("\r\u001B[2KFAILED one: it broke\n");
    progress[Symbol.dispose]();
    expect(taken()).toBe("\r\u001B[2K");
  });

  it("learns from the cases before how long the others will take", () => {
    const { progress, taken, wait } = started();
    progress.next();
    wait(20);
    progress.next();
    wait(30);
    taken();
    progress.show();
    // Twice as slow as planned: 10 s of this one are left, and 120 s of the next.
    expect(taken()).toBe("[2/3] two, about 2 min 10 s left\n");
    wait(1_000);
    progress.show();
    expect(taken()).toBe("[2/3] two, about 2 min 0 s left\n");
  });
});

it.each([
  [0, "0 s"],
  [59.1, "1 min 0 s"],
  [3.2, "4 s"],
])("says %s seconds as %s", (seconds, text) => {
  expect(timeText(seconds)).toBe(text);
});
