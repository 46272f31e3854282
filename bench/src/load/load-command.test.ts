import { expect, it } from "vitest";
import { readCommandLine } from "../command-line.ts";

const common = { bodyBytes: 100, aof: "everysec", seconds: 5, warmUpSeconds: 1 };

it("runs ghz with so many callers on one connection, when nothing is said", () => {
  expect(readCommandLine(["load", "ghz"])).toEqual({
    kind: "load",
    plan: {
      tool: "ghz",
      options: { ...common, concurrency: 50, connections: 1, rate: "max", messages: 0 },
      articleGo: false,
    },
    files: {},
  });
});

it("runs a script of k6", () => {
  const argv = ["load", "k6", "soak", "--rate", "200", "--users", "8", "--p99-ms", "20.5", "--json", "out.json"];
  expect(readCommandLine(argv)).toEqual({
    kind: "load",
    plan: { tool: "k6", options: { ...common, script: "soak", users: 8, rate: 200, p95Ms: 250, p99Ms: 20.5 } },
    files: { json: "out.json" },
  });
});

it("runs autocannon", () => {
  const argv = ["load", "autocannon", "--connections", "8", "--pipelining", "4", "--workers", "2", "--aof", "off"];
  const options = { ...common, aof: "off", connections: 8, pipelining: 4, workers: 2, rate: "max" };
  expect(readCommandLine(argv)).toEqual({ kind: "load", plan: { tool: "autocannon", options }, files: {} });
});

it("builds the tools", () => {
  expect(readCommandLine(["tools"])).toEqual({ kind: "tools" });
});

it.each([
  [["ghz", "--connections", "60"], "--connections: 60 connections need as many callers, and --concurrency is 50"],
  [["ghz", "--body-bytes", "11"], "--body-bytes: 11 is below 12"],
  [["ghz", "--pipelining", "2"], "unknown option '--pipelining'"],
  [["k6", "flood"], "Allowed choices are unary, stream, http, ramp, soak."],
  [["k6", "unary", "--rate", "5000"], "--rate: unary sends as fast as it is answered; ramp and soak have a rate"],
  [["k6", "--p95-ms", "soon"], '--p95-ms: "soon" is not a number'],
  [["autocannon", "--workers", "60"], "--workers: 60 workers need as many connections, and --connections is 50"],
  [["autocannon", "--rate", "20"], "--rate: 50 connections send at least 50 requests a second, not 20"],
  [["wrk"], "unknown command 'wrk'"],
])("refuses load %o, and says why", (argv, text) => {
  expect(readCommandLine(["load", ...argv])).toMatchObject({
    kind: "wrong",
    text: expect.stringContaining(text) as string,
  });
});

it.each([
  [["load", "--help"], "autocannon"],
  [["load", "k6", "--help"], "--p95-ms"],
  [["tools", "--help"], "ghz and k6"],
])("shows help for %o", (argv, text) => {
  expect(readCommandLine(argv)).toMatchObject({ kind: "help", text: expect.stringContaining(text) as string });
});
