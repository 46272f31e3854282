import { ChappeError } from "@chappe/message";
import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { toFrameError, toStatus } from "./grpc-status.ts";

test("an error's code becomes the gRPC status of the same name", () => {
  const error = new ChappeError("FAILED_PRECONDITION", "a gap");
  expect(toStatus(error)).toMatchObject({ code: status.FAILED_PRECONDITION, details: "a gap" });
});

test("what is not ours is UNKNOWN", () => {
  expect(toStatus(new TypeError("oops"))).toMatchObject({ code: status.UNKNOWN, details: "oops" });
});

test("inside a stream an error keeps what a client needs to go on", () => {
  const error = new ChappeError("FAILED_PRECONDITION", "a gap", { retryable: true, expectedSequence: 7 });
  expect(toFrameError(error)).toEqual({
    code: "FAILED_PRECONDITION",
    message: "a gap",
    retryable: true,
    expectedSequence: 7,
  });
});

test("long texts are cut, and never within a character", () => {
  const { details } = toStatus(new ChappeError("INTERNAL", "😀".repeat(5_000)));
  expect(details).toHaveLength(1_024);
  expect(() => encodeURI(details)).not.toThrow();
});
