import { describe, expect, test } from "vitest";
import { STAGE_DEDUPLICATION_WINDOW_MS, type StoreUnderTest } from "./harness.ts";
import { PROMISES, PROMISES_BY_PART } from "./promises/index.ts";
import { SMALL_QUEUE } from "./promises/queue-limits.ts";
import { SMALL_RETENTION } from "./promises/retention.ts";
import { Stage } from "./stage.ts";

/** What a store of bounded capacity may hold in the cases that fill it, bytes. */
const SMALL_STORE_BYTES = 100_000;

/** Declares a vitest suite in which the store must keep every promise of its part that its features allow. */
export function describeStore(name: string, store: StoreUnderTest): void {
  const { features, part, schedules = 10 } = store;
  describe(`${name} keeps its promises`, () => {
    for (const { title, cases } of part === undefined ? PROMISES : PROMISES_BY_PART[part]) {
      describe(`${title}`, () => {
        for (const { name: promised, needs, prove } of cases) {
          test(`${promised}`, async ({ skip }) => {
            const lacking = needs.find((feature) => !features[feature]);
            if (lacking !== undefined) skip(`${name} does not declare "${lacking}"`);
            expect.hasAssertions();
            const options = {
              deduplicationWindowMs: STAGE_DEDUPLICATION_WINDOW_MS,
              ...(needs.includes("capacity") && { maxBytes: SMALL_STORE_BYTES }),
              ...(needs.includes("durability") && { durable: true }),
              ...(needs.includes("retention") && { retention: SMALL_RETENTION }),
              ...(needs.includes("queueLimits") && { queueLimits: SMALL_QUEUE }),
            };
            await using stage = new Stage(await store.open(options), schedules);
            await prove(stage);
          });
        }
      });
    }
  });
}
