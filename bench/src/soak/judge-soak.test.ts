import { describe, expect, it } from "vitest";
import { isSound } from "./judge-soak.ts";
import type { SoakResult } from "./run-soak.ts";
import { soakTable } from "./soak-table.ts";

const GROWTH = { what: "router resident memory", unit: "bytes", begin: 1, end: 1, betweenMs: 1, perHour: 0 } as const;

const SOUND: SoakResult = {
  minutes: 30,
  peakPerSecond: null,
  ratePerSecond: 100_000,
  messagesPerSecond: 95_000,
  verdict: { received: 1, lost: 0, duplicates: 0, outOfOrder: 0 },
  growths: [{ ...GROWTH, grew: false }],
};

describe("a soak", () => {
  it("is sound when nothing grew, no message came to harm and 95 % of the rate arrived", () => {
    expect(isSound(SOUND)).toBe(true);
    expect(soakTable(SOUND)).toMatch(/ 95,000 arrived: nothing lost, duplicated or out of order$/);
  });

  it.each<[string, Partial<SoakResult>, RegExp]>([
    ["less arrived", { messagesPerSecond: 94_999 }, / 94,999 arrived, too few: nothing lost/],
    ["a message was lost", { verdict: { ...SOUND.verdict, lost: 1 } }, / 95,000 arrived: 1 lost$/],
    ["something grew", { growths: [...SOUND.growths, { ...GROWTH, grew: true }] }, /router resident memory .* grew$/m],
  ])("is not when %s, and says so", (_, change, text) => {
    const result = { ...SOUND, ...change };
    expect(isSound(result)).toBe(false);
    expect(soakTable(result)).toMatch(text);
  });
});
