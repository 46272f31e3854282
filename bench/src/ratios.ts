import type { CaseResult } from "./result-schema.ts";

/** Ratios of throughputs: the first case's over the second's. */
const definitions: Readonly<Record<string, readonly [above: string, below: string]>> = {
  endToEndVsRedisXadd: ["chappe/end-to-end/one-to-one", "redis/xadd"],
  thousandReceiversVsOne: ["chappe/end-to-end/thousand-receivers", "chappe/end-to-end/one-to-one"],
  alwaysVsEverysec: ["chappe/end-to-end/aof-always", "chappe/end-to-end/one-to-one"],
};

/** The ratios of those cases that ran, rounded to three digits behind the point. */
export function ratiosOf(results: readonly CaseResult[]): Record<string, number> {
  const rates = new Map(results.map(({ name, messagesPerSecond }) => [name, messagesPerSecond]));
  const ratios: Record<string, number> = {};
  for (const [name, [above, below]] of Object.entries(definitions)) {
    const numerator = rates.get(above);
    const denominator = rates.get(below);
    if (numerator === undefined || denominator === undefined || denominator === 0) continue;
    ratios[name] = Math.round((numerator / denominator) * 1_000) / 1_000;
  }
  return ratios;
}
