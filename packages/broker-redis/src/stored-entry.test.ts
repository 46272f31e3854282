import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packEntry, unpackEntry } from "./stored-entry.ts";

const uint32 = fc.nat(0xffff_ffff);
const uint16 = fc.integer({ min: 0, max: 0xffff });
const uint15 = fc.integer({ min: 0, max: 0x7fff });
const entries = fc.record({
  headerBytes: fc.uint8Array({ maxLength: 300 }),
  records: fc.uint8Array({ maxLength: 300 }),
  count: uint32,
  first: uint32,
  attempt: uint16,
  crashes: uint15,
  redriven: fc.boolean(),
});

describe("stored entries", () => {
  it("come back as they were packed", () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const unpacked = unpackEntry(Buffer.concat(packEntry(entry)));
        expect(unpacked).toEqual({
          ...entry,
          headerBytes: Buffer.from(entry.headerBytes),
          records: Buffer.from(entry.records),
        });
      }),
    );
  });

  it("are packed without copying header and records", () => {
    const entry = {
      headerBytes: Buffer.from("h"),
      records: Buffer.from("r"),
      count: 1,
      first: 0,
      attempt: 1,
      crashes: 0,
      redriven: false,
    };
    const [, header, records] = packEntry(entry);
    expect(header).toBe(entry.headerBytes);
    expect(records).toBe(entry.records);
  });

  it("are told from what something else wrote", () => {
    expect(unpackEntry(Buffer.from("short"))).toBeUndefined();
    const [prefix] = packEntry({
      headerBytes: Buffer.alloc(9),
      records: Buffer.alloc(0),
      count: 1,
      first: 0,
      attempt: 1,
      crashes: 0,
      redriven: false,
    });
    expect(unpackEntry(Buffer.concat([prefix!, Buffer.alloc(8)]))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void unpackEntry(Buffer.from(bytes))));
  });
});
