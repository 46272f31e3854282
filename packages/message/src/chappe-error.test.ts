import { expect, test } from "vitest";
import { ChappeError, ErrorCode, errorCodeOf } from "./chappe-error.ts";
import { chappeErrorOf } from "./frame-error.ts";

test("names and numbers of the codes lead to each other", () => {
  for (const [name, number] of Object.entries(ErrorCode)) expect(errorCodeOf(number)).toBe(name);
  expect(errorCodeOf(0)).toBe("UNKNOWN");
  expect(errorCodeOf(99)).toBe("UNKNOWN");
});

test("whether to retry follows from the code, unless it is said", () => {
  expect(new ChappeError("UNAVAILABLE", "away").retryable).toBe(true);
  expect(new ChappeError("INVALID_ARGUMENT", "bad").retryable).toBe(false);
  expect(new ChappeError("UNAVAILABLE", "away", { retryable: false }).retryable).toBe(false);
});

test("an error keeps what it translates, and is never translated twice", () => {
  const cause = new Error("socket");
  const error = ChappeError.from(cause);
  expect(error).toMatchObject({ code: "UNKNOWN", message: "socket", cause });
  expect(ChappeError.from(error)).toBe(error);
  expect(ChappeError.from("text").message).toBe("text");
  expect(String(error)).toBe("UNKNOWN: socket");
});

test("an error that came in a frame is the error that went in", () => {
  const sent = new ChappeError("FAILED_PRECONDITION", "gap", { retryable: true, expectedSequence: 7 });
  const { code, message, retryable, expectedSequence } = sent;
  expect(chappeErrorOf(sent)).toMatchObject({ code, message, retryable, expectedSequence });
});
