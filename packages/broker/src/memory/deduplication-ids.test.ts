import { BatchBuilder } from "@chappe/message";
import { expect, it } from "vitest";
import { DeduplicationIds } from "./deduplication-ids.ts";

function headerOf(deduplicationId: string) {
  const builder = new BatchBuilder({ sender: "s", address: "topic:t", deduplicationId });
  builder.add({ body: "a", deduplicationId }, 0);
  return builder.finish(new Uint8Array(0), 0).header;
}

it("deduplication ids are kept for their window, and no longer", () => {
  const ids = new DeduplicationIds(1_000);
  ids.note(headerOf("a"), "first", 0);
  ids.note(headerOf("b"), "second", 600);
  expect(ids.originalOf(headerOf("a"), 999)).toBe("first");
  expect(ids.originalOf(headerOf("a"), 1_000)).toBeUndefined();
  ids.forgetOld(1_000);
  expect([ids.size, ids.originalOf(headerOf("b"), 1_000)]).toEqual([1, "second"]);
  ids.note(headerOf("a"), "third", 1_100);
  ids.forgetOld(1_600);
  expect([ids.size, ids.originalOf(headerOf("a"), 1_600)]).toEqual([1, "third"]);
});

it("a deduplication id is freed for the message that has it, and for no other", () => {
  const ids = new DeduplicationIds(1_000);
  ids.note(headerOf("a"), "first", 0);
  ids.note(headerOf("a"), "second", 1_000);
  ids.free(headerOf("a"), "first");
  expect(ids.originalOf(headerOf("a"), 1_000)).toBe("second");
  ids.free(headerOf("a"), "second");
  expect(ids.originalOf(headerOf("a"), 1_000)).toBeUndefined();
});
