import { afterEach, describe, expect, test, vi } from "vitest";
import { readCommandLine } from "./command-line.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the sender's command line", () => {
  test("reads flags and texts", () => {
    const argv = ["--topic", "orders", "--json", "7", "--json", "8", "--router", "a:1", "--router", "b:2", "x", "-"];
    expect(readCommandLine(argv)).toMatchObject({
      kind: "run",
      options: { address: "topic:orders", json: ["7", "8"], routers: ["a:1", "b:2"], texts: ["x", "-"] },
    });
  });

  test("takes routers from CHAPPE_ROUTERS when it names none", () => {
    vi.stubEnv("CHAPPE_ROUTERS", "a:1,b:2");
    expect(readCommandLine(["--to", "a", "x"])).toMatchObject({ options: { routers: ["a:1", "b:2"] } });
    expect(readCommandLine(["--to", "a", "--router", "c:3", "x"])).toMatchObject({
      options: { routers: ["c:3"] },
    });
  });

  test("takes a text that begins with a dash after --", () => {
    expect(readCommandLine(["--to", "a", "--", "-5"])).toMatchObject({ options: { texts: ["-5"] } });
  });

  test("takes a message back by its id, as whom and where it was sent", () => {
    const argv = ["--from", "shop", "--topic", "orders", "--cancel", "order 7", "--router", "a:1", "--timeout-ms", "9"];
    expect(readCommandLine(argv)).toMatchObject({ kind: "run", options: { cancel: "order 7", from: "shop" } });
  });

  test.each([
    [["--tpoic", "orders"], /unknown option '--tpoic'[^]*Did you mean --topic\?[^]*--help/],
    [["--to", "a", "--topic", "b", "x"], /'--to <receiver>' cannot be used with option '--topic <name>'/],
    [["--to", "a", "--rate"], /'--rate <per-second>' argument missing/],
    [["--to", "a", "--rate", "0", "x"], /^error: --rate: "0" is not a number above 0[^]*--help/],
    [["--to", "a", "--type", "x".repeat(201), "x"], /^error: type .*at most 200/],
    [["--to", "a", "--deduplication-id", "", "x"], /^error: deduplicationId is empty; leave it out/],
    [["--to", "a", "--cancel", "x", "--count", "5"], /'--cancel <id>' cannot be used with option '--count <messages>'/],
    [["--to", "a", "--cancel", "x", "--deliver-at", "2027-01-31T08:00Z"], /cannot be used with option '--deliver-at/],
    [["--to", "a", "--cancel", "x", "--durability", "fsynced"], /cannot be used with option '--durability <level>'/],
    [[], /--to <receiver> or --topic <name>\nerror: nothing to send/],
  ])("says what is wrong with %j, and where to read what is allowed", (argv, text) => {
    expect(readCommandLine(argv)).toEqual({ kind: "wrong", text: expect.stringMatching(text) });
  });

  test("has help with examples and exit codes", () => {
    expect(readCommandLine(["--help"])).toMatchObject({
      kind: "help",
      text: expect.stringMatching(/Usage: chappe-sender[^]*Examples:[^]*Exit codes:/),
    });
  });
});
