import { readFileSync } from "node:fs";
import { ChappeError, ErrorCode } from "@chappe/message";
import { expect, it } from "vitest";
import { HttpError, httpStatusOf } from "./http-status.ts";

it("docs/errors.md says the HTTP status of each code", () => {
  const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const listed = [...page.matchAll(/^\| `([A-Z_]+)` \| \d+ \| (?:yes|no) \| (\d+) \| \S/gm)].map(
    ([, ...cells]) => cells,
  );
  const codes = Object.keys(ErrorCode).map((code) => [
    code,
    String(httpStatusOf(new ChappeError(code as ErrorCode, ""))),
  ]);
  expect(listed).toEqual(codes);
});

it("an error for which HTTP has a status of its own keeps its code", () => {
  const error = new HttpError(413, "INVALID_ARGUMENT", "too long");
  expect([httpStatusOf(error), error.code, error.retryable]).toEqual([413, "INVALID_ARGUMENT", false]);
});
