import { describe, expect, test } from "vitest";
import { checkOptions } from "./options.ts";

const DEFAULTS = { from: "sender-01", timeoutMs: "30000" };

function problemsOf(flags: Record<string, unknown>, texts: readonly string[] = ["hello"]): readonly string[] {
  const checked = checkOptions({ ...DEFAULTS, ...flags }, texts);
  return "problems" in checked ? checked.problems : [];
}

describe("the sender's options", () => {
  test("name an address, and have defaults", () => {
    expect(checkOptions({ ...DEFAULTS, to: "receiver-01" }, ["hello"])).toEqual({
      options: {
        from: "sender-01",
        address: "receiver:receiver-01",
        texts: ["hello"],
        json: [],
        files: [],
        attributes: {},
        routers: ["localhost:9090"],
        tls: false,
        durability: "accepted",
        timeoutMs: 30_000,
        quiet: false,
        printIds: false,
        jsonSummary: false,
      },
    });
    expect(checkOptions({ ...DEFAULTS, topic: "orders" }, ["x"])).toMatchObject({
      options: { address: "topic:orders" },
    });
  });

  test.each([
    [{}, "give --to <receiver> or --topic <name>"],
    [{ to: "a b" }, /^--to: .*" " at position 1; allowed are/],
    [{ topic: "" }, /^--topic: .*empty/],
    [{ to: "a", from: "é" }, /^--from: .*"é" at position 0/],
    [{ to: "a", count: "0" }, '--count: "0" is not a whole number above 0'],
    [{ to: "a", count: "1e3" }, '--count: "1e3" is not a whole number above 0'],
    [{ to: "a", rate: "fast" }, '--rate: "fast" is not a number above 0 and up to 1,000,000 a second'],
    [{ to: "a", ttlMs: "1h" }, '--ttl-ms: "1h" is not a whole number above 0'],
    [{ to: "a", deliverAt: "tomorrow" }, /^--deliver-at: "tomorrow" is not a time such as 2027-01-31T08:00:00Z/],
    [{ to: "a", deliverAt: "2027-02-31" }, /^--deliver-at: .* is not a time/],
    [{ to: "a", timeoutMs: "-1" }, '--timeout-ms: "-1" is not a whole number above 0'],
    [{ to: "a", json: ["{"] }, /^--json: \{ is not JSON: /],
    [{ to: "a", attribute: ["novalue"] }, '--attribute: "novalue" is not of the form key=value'],
    [{ to: "a", replyTo: "b" }, /^--reply-to: .*must begin with "receiver:" or "topic:"/],
  ])("%o is refused, and told why", (flags, problem) => {
    const problems = problemsOf(flags);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  test("have every problem told, not just the first", () => {
    expect(problemsOf({ to: "", count: "x", rate: "y" })).toHaveLength(3);
  });

  test("take a time of delivery with its offset", () => {
    const given = (deliverAt: string) => checkOptions({ ...DEFAULTS, to: "a", deliverAt }, ["x"]);
    expect(given("2027-01-31T08:00:00Z")).toMatchObject({ options: { deliverAt: Date.UTC(2027, 0, 31, 8) } });
    expect(given("2027-01-31T08:00+01:00")).toMatchObject({ options: { deliverAt: Date.UTC(2027, 0, 31, 7) } });
  });

  test("take back a message in place of sending", () => {
    expect(problemsOf({ to: "a", cancel: "x" }, [])).toEqual([]);
    expect(problemsOf({ to: "a", cancel: "" }, [])).toEqual([expect.stringMatching(/^--cancel: id is empty/)]);
    expect(problemsOf({ to: "a", cancel: "x" })).toEqual([
      "--cancel takes a message back and sends none: give no text, --json or --file with it",
    ]);
  });

  test("have a deduplication id for one message alone", () => {
    const only = ["--deduplication-id names one message: give one text, --json or --file, and no --count"];
    expect(problemsOf({ to: "a", deduplicationId: "d" })).toEqual([]);
    expect(problemsOf({ to: "a", deduplicationId: "d" }, ["x", "y"])).toEqual(only);
    expect(problemsOf({ to: "a", deduplicationId: "d" }, ["-"])).toEqual(only);
    expect(problemsOf({ to: "a", deduplicationId: "d", count: "2" })).toEqual(only);
  });

  test("must leave something to send, and standard input be read once", () => {
    expect(problemsOf({ to: "a" }, [])).toEqual([expect.stringMatching(/^nothing to send/)]);
    expect(problemsOf({ to: "a" }, ["-", "-"])).toEqual(["- may be given once"]);
    expect(problemsOf({ to: "a", count: "5" }, ["-"])).toEqual([
      "--count 5 cannot be used with -, because standard input can be read only once",
    ]);
  });
});
