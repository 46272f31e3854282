import type { PromiseGroup } from "../promise.ts";
import { attemptsAndRetries } from "./attempts-and-retries.ts";
import { capacity } from "./capacity.ts";
import { closerLook } from "./closer-look.ts";
import { crashAndPoison } from "./crash-and-poison.ts";
import { credit } from "./credit.ts";
import { deadLettersGroup } from "./dead-letters.ts";
import { delayedDelivery } from "./delayed-delivery.ts";
import { deduplication } from "./deduplication.ts";
import { deletion } from "./deletion.ts";
import { durableUntilSettled } from "./durable-until-settled.ts";
import { epoch } from "./epoch.ts";
import { expiry } from "./expiry.ts";
import { inspection } from "./inspection.ts";
import { noLoss } from "./no-loss.ts";
import { order } from "./order.ts";
import { orderingKeys } from "./ordering-keys.ts";
import { outcomesCountOnce } from "./outcomes-count-once.ts";
import { producerSequence } from "./producer-sequence.ts";
import { progressGroup } from "./progress.ts";
import { publishSubscribe } from "./publish-subscribe.ts";
import { queueLimits } from "./queue-limits.ts";
import { redriveAndPurge } from "./redrive-and-purge.ts";
import { releaseAndDrain } from "./release-and-drain.ts";
import { replay } from "./replay.ts";
import { replayOrder } from "./replay-order.ts";
import { retention } from "./retention.ts";
import { sharing } from "./sharing.ts";
import { singleActive } from "./single-active.ts";
import { takeover } from "./takeover.ts";
import { wakeUps } from "./wake-ups.ts";

/**
 * The promises in three parts, which take about as long where time is real: what becomes of a message, what subscriptions,
 * instances and operators may rely on, and all of it at once under random schedules.
 */
export const PROMISES_BY_PART = {
  messages: [
    durableUntilSettled,
    order,
    orderingKeys,
    credit,
    outcomesCountOnce,
    attemptsAndRetries,
    deadLettersGroup,
    expiry,
    delayedDelivery,
  ],
  subscriptions: [
    publishSubscribe,
    sharing,
    singleActive,
    producerSequence,
    deduplication,
    takeover,
    releaseAndDrain,
    crashAndPoison,
    progressGroup,
    wakeUps,
    epoch,
    capacity,
    queueLimits,
    retention,
    replay,
    replayOrder,
    inspection,
    closerLook,
    redriveAndPurge,
    deletion,
  ],
  schedules: [noLoss],
} as const satisfies Readonly<Record<string, readonly PromiseGroup[]>>;

/** One of {@link PROMISES_BY_PART}. */
export type PromisePart = keyof typeof PROMISES_BY_PART;

/** Every promise, in the order in which a reader would ask for them. */
export const PROMISES: readonly PromiseGroup[] = Object.values(PROMISES_BY_PART).flat();
