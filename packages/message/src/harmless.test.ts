import { describe, expect, test } from "vitest";
import { harmless, preview } from "./harmless.ts";

describe("a preview", () => {
  test("leaves scripts, emoji and their joiners as they are", () => {
    const text = "żółć 你好 سلام می‌خواهم 👩‍👩‍👧";
    expect(harmless(text)).toBe(text);
  });

  test("ends with an ellipsis where the text goes on, and cuts no character in half", () => {
    expect(preview("abc", 3)).toBe("abc");
    expect(preview("abcd", 3)).toBe("abc…");
    expect(preview("🗼🗼🗼🗼", 3)).toBe("🗼🗼🗼…");
    expect(preview("🗼🗼🗼", 3)).toBe("🗼🗼🗼");
    expect(preview("x".repeat(1_000_000), 3)).toBe("xxx…");
  });
});
