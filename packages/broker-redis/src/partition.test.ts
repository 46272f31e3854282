import { describe, expect, it } from "vitest";
import { partitionOf } from "./partition.ts";

describe("partitionOf", () => {
  it("is CRC16 modulo 256, so that other programs can tell where an address is", () => {
    // CRC16/XMODEM of "123456789" is 0x31C3 in every table of CRCs.
    expect(partitionOf("123456789")).toBe(0xc3);
  });

  it("spreads addresses over all partitions", () => {
    const counts = new Array<number>(256).fill(0);
    for (let index = 0; index < 25_600; index++) counts[partitionOf(`receiver:device-${index}`)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(200);
  });
});
