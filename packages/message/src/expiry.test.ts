import { describe, expect, test } from "vitest";
import { BatchBuilder, firstExpiryMs, recordOffsets, timeOffsetsMs } from "./index.ts";

const PLACE = { sender: "s", address: "topic:t", orderingKey: "key" };

describe("expiry", () => {
  test("of a batch begins with its first message's time and ttl", () => {
    const builder = new BatchBuilder({ ...PLACE, ttlMs: 500 });
    builder.add({ body: "a", orderingKey: "key", ttlMs: 500 }, 1_700_000_000_000);
    expect(firstExpiryMs(builder.finish(new Uint8Array(16), 7).headerBytes)).toBe(1_700_000_000_500);
  });

  test("never comes without a ttl", () => {
    const builder = new BatchBuilder(PLACE);
    builder.add({ body: "a", orderingKey: "key" }, 1_700_000_000_000);
    expect(firstExpiryMs(builder.finish(new Uint8Array(0), 0).headerBytes)).toBe(Number.POSITIVE_INFINITY);
  });

  test("of each message counts from its own time", () => {
    const builder = new BatchBuilder({ sender: "s", address: "topic:t" });
    for (const offsetMs of [0, 3, 900]) builder.add({ body: "x".repeat(200), correlationId: "c" }, 1_000 + offsetMs);
    const { records } = builder.finish(new Uint8Array(0), 0);
    expect([...timeOffsetsMs(records, recordOffsets(records, 3))]).toEqual([0, 3, 900]);
  });

  test("cannot be read from bytes that are no header", () => {
    expect(() => firstExpiryMs(Uint8Array.of(7, 7))).toThrow(/batch header/);
  });
});
