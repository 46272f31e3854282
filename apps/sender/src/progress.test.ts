import { describe, expect, test } from "vitest";
import { progressLine, showProgress } from "./progress.ts";
import { Tally } from "./tally.ts";

describe("the progress line", () => {
  test("tells how far it is", () => {
    expect(progressLine({ sent: 1200, receipts: 1100 }, 10_000)).toBe("1,200 of 10,000 sent, 1,100 safe");
    expect(progressLine({ sent: 5, receipts: 0 }, undefined)).toBe("5 sent, 0 safe");
  });

  test("is for terminals alone", async () => {
    const tally = new Tally();
    tally.countSent();
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    showProgress({ write }, tally, undefined)();
    expect(written).toEqual([]);

    const hide = showProgress({ isTTY: true, write }, tally, 2);
    await expect.poll(() => written.at(-1)).toMatch(/1 of 2 sent, 0 safe$/);
    hide();
    expect(written.at(-1)).toBe("\r\u001B[K");
  });
});
