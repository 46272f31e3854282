import { describe, expect, it } from "vitest";
import { cutReason } from "./reason.ts";

describe("a reason", () => {
  it("of up to 1 KiB stays as it is", () => {
    const longest = `${"€".repeat(341)}.`;
    expect(cutReason(longest)).toBe(longest);
  });

  it("that is longer is cut by its bytes, between two characters", () => {
    expect(cutReason("€".repeat(342))).toBe("€".repeat(341));
    expect(cutReason(`${"x".repeat(1_022)}😀`)).toBe("x".repeat(1_022));
  });
});
