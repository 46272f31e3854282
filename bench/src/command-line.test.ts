import { expect, it } from "vitest";
import { readCommandLine } from "./command-line.ts";

it("runs all cases when nothing is said", () => {
  expect(readCommandLine([])).toEqual({
    kind: "run",
    pattern: undefined,
    over: {},
    json: undefined,
    html: undefined,
    list: false,
  });
});

it("runs the cases that a pattern matches, with the options given", () => {
  const argv = ["end-to-end", "--body-bytes", "64", "--rate", "500", "--json", "out.json", "--html", "out.html"];
  expect(readCommandLine(argv)).toEqual({
    kind: "run",
    pattern: /end-to-end/,
    over: { bodyBytes: 64, rate: 500 },
    json: "out.json",
    html: "out.html",
    list: false,
  });
});

it("profiles a case", () => {
  expect(readCommandLine(["profile", "one-to-one", "--seconds", "2"])).toEqual({
    kind: "profile",
    what: "cpu",
    pattern: /one-to-one/,
    over: { seconds: 2 },
  });
});

it("profiles what a case allocates", () => {
  expect(readCommandLine(["profile", "one-to-one", "--allocations"])).toMatchObject({ what: "allocations", over: {} });
});

it("compares with a commit", () => {
  expect(readCommandLine(["compare", "main"])).toEqual({
    kind: "compare",
    ref: "main",
    pattern: undefined,
    blocks: 8,
    seconds: 1.2,
    warmUpSeconds: 0.8,
    plantPercent: undefined,
    json: undefined,
  });
  expect(readCommandLine(["compare", "v1", "--works", "bulk", "--blocks", "5", "--plant", "10"])).toMatchObject({
    pattern: /bulk/,
    blocks: 5,
    plantPercent: 10,
  });
});

it("counts, or writes down what is counted", () => {
  expect(readCommandLine(["counters"])).toEqual({ kind: "counters", update: false });
  expect(readCommandLine(["counters", "--update"])).toEqual({ kind: "counters", update: true });
});

it.each([
  [["compare"], "missing required argument 'git-ref'"],
  [["compare", "main", "--blocks", "3", "--seconds", "x"], '--blocks: 3 is below 4\n--seconds: "x" is not a number'],
  [["compare", "main", "--works", "("], '"(" is not a regular expression'],
  [["--aof", "never"], '--aof: "never" is none of off, everysec, always'],
  [["--seconds", "0", "--senders", "two"], '--senders: "two" is not a number\n--seconds: 0 is below 0.2'],
  [["("], '"(" is not a regular expression'],
  [["--colour", "red"], "unknown option '--colour'"],
  [["profile"], "missing required argument 'case'"],
])("refuses %o, and says why", (argv, text) => {
  expect(readCommandLine(argv)).toMatchObject({ kind: "wrong", text: expect.stringContaining(text) as string });
});

it("shows its help when asked", () => {
  expect(readCommandLine(["--help"])).toMatchObject({
    kind: "help",
    text: expect.stringContaining("profile") as string,
  });
  expect(readCommandLine(["run", "--help"])).toMatchObject({
    kind: "help",
    text: expect.stringContaining("--body-bytes") as string,
  });
});
