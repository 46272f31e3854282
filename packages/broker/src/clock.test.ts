import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./clock.ts";

const DAY_MS = 86_400_000;

describe("the machine's clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([50 * DAY_MS, Number.POSITIVE_INFINITY])("calls nothing at once that is to be called in %d ms", (ms) => {
    const called = vi.fn<() => void>();
    systemClock.setTimeout(called, ms);
    vi.advanceTimersByTime(20 * DAY_MS);
    expect(called).not.toHaveBeenCalled();
  });
});
