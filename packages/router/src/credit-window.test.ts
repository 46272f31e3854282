import fc from "fast-check";
import { expect, test } from "vitest";
import { CreditWindow } from "./credit-window.ts";

test("credit within the window is passed on at once", () => {
  expect(new CreditWindow(1_000).grant(600)).toBe(600);
});

test("credit beyond the window is passed on as bytes leave", () => {
  const window = new CreditWindow(1_000);
  expect(window.grant(1_000_000)).toBe(1_000);
  expect(window.sent(100)).toBe(0);
  expect(window.sent(400)).toBe(500);
});

test("a message larger than all credit leaves a debt that later grants pay first", () => {
  const window = new CreditWindow(1_000);
  expect(window.grant(100)).toBe(100);
  expect(window.sent(5_000)).toBe(0);
  // The broker counts the debt too: it is owed the whole grant.
  expect(window.grant(300)).toBe(300);
});

test("never more than granted, never more than a window ahead, and nothing is held back for good", () => {
  const steps = fc.array(fc.record({ grant: fc.nat(5_000), take: fc.nat(1_500) }));
  fc.assert(
    fc.property(steps, (steps) => {
      const window = new CreditWindow(1_000);
      let granted = 0;
      let passed = 0;
      let sent = 0;
      for (const { grant, take } of steps) {
        granted += grant;
        passed += window.grant(grant);
        const bytes = Math.min(take, passed - sent);
        sent += bytes;
        passed += window.sent(bytes);
        expect(passed).toBeLessThanOrEqual(granted);
        expect(passed - sent).toBeLessThanOrEqual(1_000);
        expect(passed - sent).toBeGreaterThanOrEqual(Math.min(500, granted - sent));
      }
    }),
  );
});
