import type { BenchCase } from "./bench-case.ts";
import type { CaseOptions } from "./case-options.ts";
import { codecCases } from "./micro/codec-cases.ts";
import { engineCases } from "./micro/engine-cases.ts";
import { idCases } from "./micro/id-cases.ts";
import { storeCases } from "./micro/store-cases.ts";

const endToEnd = (name: string, options: Partial<CaseOptions>): BenchCase => ({
  kind: "end-to-end",
  name: `chappe/end-to-end/${name}`,
  options,
});

const redisLimit = (name: string, options: Partial<CaseOptions>): BenchCase => ({
  kind: "redis-limit",
  name: `redis/${name}`,
  options,
});

/** Messages a second at which systems are compared: most of them survive the first, few the last. */
const RATES = [500, 2_000, 8_000, 20_000];

/** The quick suite, in the order in which it runs: what ratios compare stands close together. */
export function allCases(): BenchCase[] {
  return [
    redisLimit("xadd", {}),
    endToEnd("one-to-one", {}),
    endToEnd("aof-always", { aof: "always" }),
    redisLimit("xadd-always", { aof: "always", seconds: 2 }),
    endToEnd("thousand-receivers", { receivers: 1_000 }),
    endToEnd("fan-out-ten", { receivers: 0, topics: 1, subscriptions: 10 }),
    endToEnd("one-mebibyte", { bodyBytes: 1_048_576 }),
    ...RATES.map((rate) => endToEnd(`rate-${rate}`, { rate })),
    ...codecCases(),
    ...idCases(),
    ...engineCases(),
    ...storeCases(),
  ];
}
