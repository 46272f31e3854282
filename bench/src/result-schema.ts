import { z } from "zod";

/** Name and version of the format of `--json`; the number goes up when a field changes its meaning or leaves. */
export const RESULT_SCHEMA = "chappe-bench/1";

const amount = z.number().nonnegative();

/** Percentiles, in microseconds. */
const percentiles = z.object({ p50: amount, p99: amount, p999: amount, max: amount });
export type Percentiles = z.infer<typeof percentiles>;

const caseResult = z.object({
  /** Ours begin with `chappe/`, others with the name of the system that was measured. */
  name: z.string().min(1),
  /** Messages handled and settled a second; each subscription's counts. For others: what corresponds to a message. */
  messagesPerSecond: amount,
  /** CPU time, user and system, of all processes of the system, for each message handled. */
  cpuMicrosPerMessage: amount,
  /** The same for each kind of process. */
  cpuMicrosPerMessageByProcess: z.record(z.string(), amount),
  /** From the time a message was meant to be sent until its handler ran. Null where there is nothing of the kind. */
  latencyMicros: percentiles.nullable(),
  /** How long after its intended time the generator sent a message. It is part of the latency. */
  generatorLatenessMicros: percentiles.nullable(),
  lost: amount.int(),
  duplicates: amount.int(),
  outOfOrder: amount.int(),
  /** Counts that do not depend on the machine, for 100,000 messages handled. */
  counters: z.record(z.string(), amount),
  /** Figures that are not for so many messages, by name: sizes, and speeds of parts of a run. Left out where there are none. */
  measures: z.record(z.string(), amount).optional(),
  /** What was asked for, complete. Empty where a case has no options. */
  options: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** What one case came to. */
export type CaseResult = z.infer<typeof caseResult>;

const caseFailure = z.object({
  name: z.string().min(1),
  /** What went wrong: the first line says it, further ones are what a process printed last. */
  reason: z.string().min(1),
});

/** A case that came to nothing. */
export type CaseFailure = z.infer<typeof caseFailure>;

/** What the numbers were measured on. */
const environment = z.object({
  startedAt: z.iso.datetime(),
  node: z.string(),
  redis: z.string(),
  cpu: z.string(),
  cores: amount.int(),
  memoryBytes: amount.int(),
  os: z.string(),
  /** Processes wanting to run, over one minute, when the run began: above 0.5 others were at work. */
  loadAverage: amount,
});
export type Environment = z.infer<typeof environment>;

/** What `--json` writes: one run of the benchmarks. */
export const report = z.object({
  schema: z.literal(RESULT_SCHEMA),
  /** Commit of the sources, with `-dirty` behind it when they were changed; `unknown` outside a checkout. */
  commit: z.string(),
  environment,
  results: z.array(caseResult),
  /** Cases that failed, and so have no result. */
  failures: z.array(caseFailure).default([]),
  /** Systems that were to be compared and are not on this machine, and what they lack. Left out where there are none. */
  gaps: z.array(caseFailure).optional(),
  /** Comparisons within this run, the only figures that hold on other machines. Those whose cases ran. */
  ratios: z.record(z.string(), amount),
});
export type Report = z.infer<typeof report>;
