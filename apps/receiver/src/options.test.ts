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
    expect(from).toEqual({ kind: "topic", topic: "orders", subscription: "billing", fromStart: true });
    expect(sourceText(from)).toBe("topic:orders/billing");
  });

  test.each([
    [{}, undefined, /^give a receiver, or --topic/],
    [{ topic: "t", subscription: "s" }, "r", 'give a receiver ("r") or --topic ("t"), not both'],
    [{ topic: "t" }, undefined, "--topic also needs --subscription <name>"],
    [{ subscription: "s" }, "r", /^--subscription is for a --topic/],
    [{ fromStart: true }, "r", /^--from-start is for a --topic/],
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
