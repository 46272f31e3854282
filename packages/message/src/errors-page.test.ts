import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { ChappeError, ErrorCode } from "./chappe-error.ts";

it("docs/errors.md lists every code with its number and whether it is retryable, and no other", async () => {
  const page = await readFile(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const listed = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (yes|no) \| \S/gm)].map(([, ...cells]) => cells);
  const codes = Object.entries(ErrorCode).map(([code, number]) => {
    const { retryable } = new ChappeError(code as ErrorCode, "");
    return [code, String(number), retryable ? "yes" : "no"];
  });
  expect(listed).toEqual(codes);
});
