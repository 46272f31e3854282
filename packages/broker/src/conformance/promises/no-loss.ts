import { expect } from "vitest";
import type { SubscriptionName } from "../../store.ts";
import { takeNow } from "../entries.ts";
import { lost, overcounted, unflaggedDuplicates } from "../invariants.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import { seededRandom } from "../random.ts";
import { runSchedule, type ScheduleRecord } from "../schedule.ts";
import { type Stage, STAGE_RETRY_POLICY, type StoreWrapper } from "../stage.ts";
import { unreliable } from "../unreliable-store.ts";

const STEPS = 120;

async function proveAll(
  stage: Stage,
  nameOf: (seed: number) => readonly SubscriptionName[],
  options: {
    readonly wrapOf?: (random: () => number) => StoreWrapper;
    readonly check?: (record: ScheduleRecord, seed: number) => void;
    readonly keys?: number;
  } = {},
): Promise<void> {
  const { wrapOf, check, keys } = options;
  for (let seed = 1; seed <= stage.schedules; seed++) {
    const random = seededRandom(seed);
    const names = nameOf(seed);
    const record = await runSchedule(stage, {
      random,
      steps: STEPS,
      names,
      ...(wrapOf && { wrap: wrapOf(random) }),
      ...(keys !== undefined && { keys }),
    });
    const { published, ledgers } = record;
    expect(published.length, `seed ${seed}: something was published`).toBeGreaterThan(0);
    for (const ledger of ledgers) {
      expect(lost(published, ledger.texts), `seed ${seed}: lost`).toEqual([]);
      const { maxAttempts } = STAGE_RETRY_POLICY;
      expect(ledger.unfinished(published, maxAttempts), `seed ${seed}: never brought to an end`).toEqual([]);
      expect(unflaggedDuplicates(ledger.handOvers), `seed ${seed}: unflagged duplicates`).toEqual([]);
      expect(overcounted(ledger.handOvers), `seed ${seed}: attempts without failures`).toEqual([]);
    }
    check?.(record, seed);
    const store = await stage.connect();
    for (const name of names) expect(await takeNow(store, name), `seed ${seed}: left over`).toEqual([]);
  }
}

function noneOvertaken({ ledgers }: ScheduleRecord, seed: number): void {
  expect(
    ledgers.flatMap(({ keys }) => keys.overtakers),
    `seed ${seed}: overtook others of their key`,
  ).toEqual([]);
}

function noneRefused({ refused }: ScheduleRecord, seed: number): void {
  expect(refused, `seed ${seed}: outcomes refused`).toEqual([]);
}

/** Whatever senders, consumers and brokers do and whenever they die, nothing is lost and nothing comes twice unannounced. */
export const noLoss: PromiseGroup = {
  title: "no loss, no unflagged duplicate",
  cases: [
    promise("a queue loses nothing under random schedules of work, crashes and restarts", async (stage) => {
      await proveAll(stage, (seed) => [{ address: `receiver:receiver-${seed}`, subscription: "" }], {
        check: noneRefused,
      });
    }),

    promise("no subscription of a topic loses anything under random schedules", async (stage) => {
      const subscriptions = ["billing", "audit"];
      await proveAll(
        stage,
        (seed) => subscriptions.map((subscription) => ({ address: `topic:orders-${seed}`, subscription })),
        { check: noneRefused },
      );
    }),

    promise("nothing is lost behind a connection that breaks before or after calls took effect", async (stage) => {
      await proveAll(stage, (seed) => [{ address: `receiver:receiver-${seed}`, subscription: "" }], {
        wrapOf: (random) => (store) => unreliable(store, random, 0.1),
      });
    }),

    promise("no message overtakes another of its ordering key under random schedules", async (stage) => {
      await proveAll(stage, (seed) => [{ address: `receiver:receiver-${seed}`, subscription: "" }], {
        keys: 3,
        check: noneOvertaken,
      });
    }),

    promise("no message of a topic overtakes another of its ordering key under random schedules", async (stage) => {
      await proveAll(
        stage,
        (seed) => ["billing", "audit"].map((subscription) => ({ address: `topic:orders-${seed}`, subscription })),
        { keys: 2, check: noneOvertaken },
      );
    }),

    promise("no message overtakes another of its ordering key behind a connection that breaks", async (stage) => {
      await proveAll(stage, (seed) => [{ address: `receiver:receiver-${seed}`, subscription: "" }], {
        keys: 2,
        check: noneOvertaken,
        wrapOf: (random) => (store) => unreliable(store, random, 0.1),
      });
    }),
  ],
};
