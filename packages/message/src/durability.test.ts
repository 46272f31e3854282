import { describe, expect, it } from "vitest";
import { durabilityNumbers, durabilityOf, parseDurability, replicasOf } from "./durability.ts";

describe("a durability", () => {
  it("is one word for what people write and the wire carries", () => {
    for (const [text, level, replicas] of [
      ["accepted", 1, 0],
      ["replicated", 2, 0],
      ["replicated(2)", 2, 2],
      ["replicated(15)", 2, 15],
      ["fsynced", 3, 0],
    ] as const) {
      expect(parseDurability(text, "durability")).toBe(text);
      expect(durabilityNumbers(text)).toEqual({ level, replicas });
      expect(durabilityOf(level, replicas)).toBe(text);
    }
  });

  it("of one replica is written without a number", () => {
    expect(parseDurability("replicated(1)", "durability")).toBe("replicated");
    expect(durabilityOf(2, 1)).toBe("replicated");
  });

  it("asks for as many replicas as it says", () => {
    expect((["accepted", "fsynced", "replicated", "replicated(7)"] as const).map(replicasOf)).toEqual([0, 0, 1, 7]);
  });

  it.each(["", "safe", "replicated(0)", "replicated(16)", "replicated(2", "Accepted", 2, null])(
    "is none: %j",
    (value) => {
      expect(() => parseDurability(value, "durability")).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
    },
  );
});
