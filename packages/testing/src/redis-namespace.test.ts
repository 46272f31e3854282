import { expect, test } from "vitest";
import { redisNamespace } from "./redis-namespace.ts";

test("is a new prefix every time, of characters that are plain in patterns and hash tags", () => {
  const names = new Set(Array.from({ length: 100 }, redisNamespace));
  expect(names.size).toBe(100);
  for (const name of names) expect(name).toMatch(/^test-[0-9a-f]{12}:$/);
});
