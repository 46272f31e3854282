import { Metadata, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { errorFromStatus } from "./grpc-status.ts";

const messageOf = (details: string) =>
  errorFromStatus({ code: status.UNAVAILABLE, details, metadata: new Metadata() }, "a:1")?.message;

test.each([
  [
    "No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ",
    "a:1: connect ECONNREFUSED 127.0.0.1:1",
  ],
  ["No connection established. Last error: null. Resolution note: ", "a:1: no connection"],
  ["No connection established. Last error: timeout. Resolution note: no IPv6", "a:1: timeout; no IPv6"],
  ["the router is about to stop", "a:1: the router is about to stop"],
])("a lost router is told with its reason alone: %s", (details, message) => {
  expect(messageOf(details)).toBe(message);
});
