import { peerRatioDefinitions } from "./peers/peer-ratios.ts";
import type { CaseResult } from "./result-schema.ts";

/** A figure of a run, if the case it belongs to has run. */
type Figure = (results: ReadonlyMap<string, CaseResult>) => number | undefined;

/** A comparison within one run. */
export interface RatioDefinition {
  /** What is divided by what, in words. */
  readonly meaning: string;
  readonly above: Figure;
  readonly below: Figure;
  /** What we hold ourselves to. Left out where there is nothing to reach. */
  readonly target?: RatioTarget;
}

/** The least, or the most, that a ratio should be. */
export type RatioTarget = { readonly atLeast: number } | { readonly atMost: number };

const endToEnd = (name: string) => `chappe/end-to-end/${name}`;
const rate =
  (name: string): Figure =>
  (results) =>
    results.get(name)?.messagesPerSecond;
const cpu =
  (name: string): Figure =>
  (results) =>
    results.get(name)?.cpuMicrosPerMessage;
const measure =
  (name: string, which: string): Figure =>
  (results) =>
    results.get(name)?.measures?.[which];
const option =
  (name: string, which: string): Figure =>
  (results) => {
    const value = results.get(name)?.options[which];
    return typeof value === "number" ? value : undefined;
  };
const latency =
  (name: string, percentile: "p99" | "p999"): Figure =>
  (results) =>
    results.get(name)?.latencyMicros?.[percentile];

const oneToOne = endToEnd("one-to-one");
const backlog = endToEnd("backlog");
const connected = endToEnd("connected");

/** All comparisons, by name. */
export const ratioDefinitions: Readonly<Record<string, RatioDefinition>> = {
  endToEndVsRedisXadd: {
    meaning: "messages/s: end to end ÷ Redis alone, with an XADD for each",
    above: rate(oneToOne),
    below: rate("redis/xadd"),
    target: { atLeast: 1.5 },
  },
  thousandReceiversVsOne: {
    meaning: "messages/s: spread over 1,000 receivers, 64 senders waiting for each ÷ all to one",
    above: rate(endToEnd("thousand-receivers")),
    below: rate(oneToOne),
    target: { atLeast: 0.4 },
  },
  sparseThousandVsOne: {
    meaning:
      "messages/s: spread over 1,000 receivers, 2 senders waiting for each, so that few travel together ÷ all to one",
    above: rate(endToEnd("thousand-receivers-sparse")),
    below: rate(oneToOne),
  },
  alwaysVsEverysec: {
    meaning: "messages/s: on the disk before each answer ÷ on the disk every second",
    above: rate(endToEnd("aof-always")),
    below: rate(oneToOne),
  },
  oneMebibyteVsSetGet: {
    meaning: "messages/s of 1 MiB: end to end ÷ Redis alone, with a SET and a GET for each",
    above: rate(endToEnd("one-mebibyte")),
    below: rate("redis/set-get"),
    target: { atLeast: 0.5 },
  },
  unaryVsArticleGo: {
    meaning: "calls/s of Send by ghz: our router ÷ the article's server in Go",
    above: rate("chappe/load/ghz/unary"),
    below: rate("article-go/load/ghz/unary"),
    target: { atLeast: 1 },
  },
  cpuFourRoutersVsOne: {
    meaning: "CPU time per message at 4,000 messages/s: four routers ÷ one",
    above: cpu(endToEnd("four-routers")),
    below: cpu(endToEnd("one-router")),
    target: { atMost: 1.1 },
  },
  backlogMemoryVsBodies: {
    meaning: "bytes of a backlog: Redis' memory ÷ the messages' bodies",
    above: measure(backlog, "redisBytesPerMessage"),
    below: option(backlog, "bodyBytes"),
    target: { atMost: 1.3 },
  },
  backlogDrainVsOneToOne: {
    meaning: "messages/s: draining a backlog ÷ one-to-one",
    above: rate(backlog),
    below: rate(oneToOne),
    target: { atLeast: 1 },
  },
  backlogPublishLateVsEarly: {
    meaning: "messages/s published: onto a backlog nearly full ÷ nearly empty",
    above: measure(backlog, "publishPerSecondLate"),
    below: measure(backlog, "publishPerSecondEarly"),
    target: { atLeast: 0.9 },
  },
  connectedRouterGibibytes: {
    meaning: "memory of a router with 10,000 connected receivers ÷ 1 GiB",
    above: measure(connected, "routerResidentBytes"),
    below: () => 1_073_741_824,
    target: { atMost: 1 },
  },
  ...tails([500, 2_000, 8_000, 20_000]),
  ...peerRatioDefinitions(),
};

/** How far the tail of latencies reaches at each offered rate. */
function tails(rates: readonly number[]): Record<string, RatioDefinition> {
  const ofRate = (perSecond: number): RatioDefinition => ({
    meaning: `latency at ${perSecond.toLocaleString("en-US")} messages/s: p99.9 ÷ p99`,
    above: latency(endToEnd(`rate-${perSecond}`), "p999"),
    below: latency(endToEnd(`rate-${perSecond}`), "p99"),
    target: { atMost: 3 },
  });
  return Object.fromEntries(rates.map((perSecond) => [`p999VsP99At${perSecond}`, ofRate(perSecond)]));
}

/** The ratios of those cases that ran, rounded to three digits behind the point. */
export function ratiosOf(results: readonly CaseResult[]): Record<string, number> {
  const byName = new Map(results.map((result) => [result.name, result]));
  const ratios: Record<string, number> = {};
  for (const [name, { above, below }] of Object.entries(ratioDefinitions)) {
    const numerator = above(byName);
    const denominator = below(byName);
    if (numerator === undefined || denominator === undefined || denominator === 0) continue;
    ratios[name] = Math.round((numerator / denominator) * 1_000) / 1_000;
  }
  return ratios;
}

/** A target for people: "≥ 1.5". */
export function targetText(target: RatioTarget): string {
  return "atLeast" in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

/** Whether a ratio is what it should be. */
export function meetsTarget(ratio: number, target: RatioTarget): boolean {
  return "atLeast" in target ? ratio >= target.atLeast : ratio <= target.atMost;
}
