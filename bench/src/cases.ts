import type { BenchCase, SystemKind } from "./bench-case.ts";
import type { CaseOptions } from "./case-options.ts";
import { codecCases } from "./micro/codec-cases.ts";
import { engineCases } from "./micro/engine-cases.ts";
import { idCases } from "./micro/id-cases.ts";
import { storeCases } from "./micro/store-cases.ts";

const ofKind =
  (kind: SystemKind, prefix: string) =>
  (name: string, options: Partial<CaseOptions>): BenchCase => ({ kind, name: `${prefix}/${name}`, options });

const endToEnd = ofKind("end-to-end", "chappe/end-to-end");
const backlog = ofKind("backlog", "chappe/end-to-end");
const xadd = ofKind("xadd", "redis");
const setGet = ofKind("set-get", "redis");

/** Messages a second at which systems are compared: most of them survive the first, few the last. */
const RATES = [500, 2_000, 8_000, 20_000];

/**
 * Enough of everything that the streams spread over all routers. At a given rate, because as fast as it goes one would
 * compare how a few cores are shared.
 */
const fourOfEach = { senders: 4, receivers: 16, receiverPrograms: 4, rate: 4_000 };

/** The quick suite, in the order in which it runs, and last what runs on demand: what ratios compare stands close together. */
export function allCases(): BenchCase[] {
  return [
    xadd("xadd", {}),
    endToEnd("one-to-one", {}),
    backlog("backlog", {}),
    endToEnd("aof-always", { aof: "always" }),
    xadd("xadd-always", { aof: "always", seconds: 2 }),
    endToEnd("thousand-receivers", { receivers: 1_000, concurrency: 64_000 }),
    endToEnd("thousand-receivers-sparse", { receivers: 1_000 }),
    endToEnd("fan-out-ten", { receivers: 0, topics: 1, subscriptions: 10 }),
    endToEnd("one-router", fourOfEach),
    endToEnd("four-routers", { ...fourOfEach, routers: 4 }),
    setGet("set-get", { bodyBytes: 1_048_576 }),
    endToEnd("one-mebibyte", { bodyBytes: 1_048_576 }),
    ...RATES.map((rate) => endToEnd(`rate-${rate}`, { rate })),
    ...codecCases(),
    ...idCases(),
    ...engineCases(),
    ...storeCases(),
    {
      ...endToEnd("connected", {
        receivers: 10_000,
        receiverPrograms: 4,
        connections: "per-receiver",
        rate: 2_000,
        seconds: 10,
      }),
      onDemand: true,
    },
  ];
}
