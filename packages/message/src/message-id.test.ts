import fc from "fast-check";
import { parse, version } from "uuid";
import { expect, test } from "vitest";
import { messageIdAt, newId, newIdBytes } from "./message-id.ts";

test("ids are UUIDv7 and sort by when they were made", () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(version(ids[0]!)).toBe(7);
  expect([...ids].sort()).toEqual(ids);
  expect(newIdBytes()).toHaveLength(16);
});

test("ids of a busy millisecond are told apart by more than their order", () => {
  const made = Array.from({ length: 10_000 }, newId);
  expect(new Set(made).size).toBe(made.length);
  // Nobody can tell the next id from the one before: their last 40 bits are drawn anew.
  expect(new Set(made.map((id) => id.slice(-10))).size).toBeGreaterThan(9_900);
});

test("the message at index n has the first id plus n, as 128-bit integers", () => {
  const asInteger = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  const firstId = fc.oneof(
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    // Just below a carry, of any length.
    fc.nat({ max: 15 }).map((from) => new Uint8Array(16).fill(0xff, from + 1).fill(0x11, 0, from)),
  );
  fc.assert(
    fc.property(firstId, fc.nat({ max: 1023 }), (first, index) => {
      const sum = (asInteger(first) + BigInt(index)) % 2n ** 128n;
      const hex = messageIdAt(first, index).replaceAll("-", "");
      expect(BigInt(`0x${hex}`)).toBe(sum);
    }),
  );
});

test("an id has the canonical form, which other UUID libraries read", () => {
  const firstId = newIdBytes();
  expect(parse(messageIdAt(firstId, 0))).toEqual(firstId);
});

test("a first id of the wrong length still makes ids, because broken input must not end a receiver", () => {
  expect(messageIdAt(new Uint8Array(0), 5)).toBe("00000000-0000-0000-0000-000000000005");
  expect(messageIdAt(new Uint8Array(3).fill(0xab), 5)).toBe("ababab00-0000-0000-0000-000000000005");
});
