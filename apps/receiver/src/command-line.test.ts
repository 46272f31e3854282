import { afterEach, describe, expect, test, vi } from "vitest";
import { readCommandLine } from "./command-line.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the receiver's command line", () => {
  test("reads flags and the receiver", () => {
    expect(readCommandLine(["receiver-01", "--json", "--count", "3", "--router", "a:1"])).toMatchObject({
      kind: "run",
      options: { from: { kind: "receiver", id: "receiver-01" }, json: true, count: 3, routers: ["a:1"] },
    });
  });

  test("takes routers from CHAPPE_ROUTERS when it names none", () => {
    vi.stubEnv("CHAPPE_ROUTERS", "a:1 b:2");
    expect(readCommandLine(["r"])).toMatchObject({ options: { routers: ["a:1", "b:2"] } });
  });

  test.each([
    [["r", "--jsno"], /unknown option '--jsno'[^]*Did you mean --json\?[^]*--help/],
    [["r", "s"], /too many arguments[^]*--help/],
    [["r", "--count", "0"], /^error: --count: "0" is not a whole number from 1[^]*--help/],
    [[], /^error: give a receiver, or --topic/],
  ])("says what is wrong with %j, and where to read what is allowed", (argv, text) => {
    expect(readCommandLine(argv)).toEqual({ kind: "wrong", text: expect.stringMatching(text) });
  });

  test("has help with examples and exit codes", () => {
    expect(readCommandLine(["--help"])).toMatchObject({
      kind: "help",
      text: expect.stringMatching(/Usage: chappe-receiver[^]*Examples:[^]*Exit codes:/),
    });
  });
});
