import { describe, expect, test } from "vitest";
import { checkOptions, sourceText } from "./options.ts";

function options(flags: Record<string, unknown>, receiver?: string) {
  const checked = checkOptions({ concurrency: "1", ...flags }, receiver);
  if ("problems" in checked) throw new Error(checked.problems.join("\n"));
  return checked.options;
}

function problemsOf(flags: Record<string, unknown>, receiver?: string): readonly string[] {
  const checked = checkOptions({ concurrency: "1", ...flags }, receiver);
  return "problems" in checked ? checked.problems : [];
}

describe("the receiver's options", () => {
  test("name a receiver's queue, and have defaults", () => {
    const checked = options({}, "receiver-01");
    expect(checked).toMatchObject({
      from: { kind: "receiver", id: "receiver-01" },
      json: false,
      concurrency: 1,
      singleActive: false,
      routers: ["localhost:9090"],
    });
    expect(checked.consumer).toMatch(/^[\w.-]+-\d+$/);
    expect(sourceText(checked.from)).toBe("receiver:receiver-01");
  });

  test("or a topic's subscription", () => {
    const { from } = options({ topic: "orders", subscription: "billing", fromStart: true });
    expect(from).toEqual({ kind: "topic", topic: "orders", subscription: "billing", startFrom: "earliest" });
    expect(sourceText(from)).toBe("topic:orders/billing");
  });

  test.each([
    [{}, undefined],
    [{ from: "latest" }, "latest"],
    [{ fromStart: true }, "earliest"],
    [{ from: "earliest" }, "earliest"],
    [{ from: "earliest", fromStart: true }, "earliest"],
    [{ from: "2026-11-25T09:30:00Z" }, { timeMs: Date.UTC(2026, 10, 25, 9, 30) }],
    [{ from: "0198c9a2-5a2b-7c3d-8e4f-00112233445a" }, { messageId: "0198c9a2-5a2b-7c3d-8e4f-00112233445a" }],
  ])("say where a new subscription begins: %o", (flags, startFrom) => {
    expect(options({ topic: "orders", subscription: "billing", ...flags }).from).toMatchObject({ startFrom });
  });

  test.each([
    [{}, undefined, /^give a receiver, or --topic/],
    [{ topic: "t", subscription: "s" }, "r", 'give a receiver ("r") or --topic ("t"), not both'],
    [{ topic: "t" }, undefined, "--topic also needs --subscription <name>"],
    [{ subscription: "s" }, "r", /^--subscription is for a --topic/],
    [{ fromStart: true }, "r", /^--from-start is for a --topic/],
    [{ from: "earliest" }, "r", /^--from is for a --topic/],
    [
      { topic: "t", subscription: "s", from: "now" },
      undefined,
      /^--from: "now" is not latest, earliest, a time such as /,
    ],
    [
      { topic: "t", subscription: "s", from: "latest", fromStart: true },
      undefined,
      "--from-start is --from earliest; leave out one of it and --from latest",
    ],
    [{}, "a/b", /^receiver: .*"\/" at position 1/],
    [{ consumer: "c d" }, "r", /^--consumer: .*" " at position 1/],
    [{ count: "none" }, "r", /^--count: "none" is not a whole number from 1/],
    [{ concurrency: "1001" }, "r", '--concurrency: "1001" is not a whole number from 1 to 1,000'],
    [{ out: "" }, "r", "--out: name a folder"],
  ])("%o with receiver %s is refused, and told why", (flags, receiver, problem) => {
    const problems = problemsOf(flags, receiver);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});
