import type { z } from "zod";
import { aof, count, duration, MAX_BODY_BYTES, oneOf, parseOptions, rate } from "../option-values.ts";
import { NUMBER_BYTES } from "./body-number.ts";

/** What every tool is told. */
const common = {
  /** Bytes of each body. */
  bodyBytes: count(NUMBER_BYTES, MAX_BODY_BYTES),
  aof,
  /** How long to measure, after the warm-up. */
  seconds: duration(0.2, 86_400),
  /** How long to send before measuring, in a run of its own. */
  warmUpSeconds: duration(0, 3_600),
};

const defaults = { bodyBytes: 100, aof: "everysec", seconds: 5, warmUpSeconds: 1 } as const;

const ghzShape = {
  ...common,
  /** Callers, each of which waits for its answer. */
  concurrency: count(1, 10_000),
  /** Connections that the callers share. */
  connections: count(1, 1_000),
  /** A number is an open loop: calls leave at that rate whatever became of the others. */
  rate,
  /** How many messages to send, however long it takes; 0: as many as go in the time. */
  messages: count(0, 100_000_000),
};

/** The scripts in bench/k6. */
export const K6_SCRIPTS = ["unary", "stream", "http", "ramp", "soak"] as const;

/** Whether a script sends at a rate, whatever became of the messages before. The others wait for their answers. */
export function hasRate(script: (typeof K6_SCRIPTS)[number]): boolean {
  return script === "ramp" || script === "soak";
}

const k6Shape = {
  ...common,
  script: oneOf(K6_SCRIPTS),
  /** Virtual users, each with a connection of its own. */
  users: count(1, 10_000),
  /** Messages a second: what `ramp` ends at, and `soak` keeps. The other scripts send as fast as they are answered. */
  rate: count(10, 1_000_000),
  /** What 95 of 100 messages must be stored within, in milliseconds. */
  p95Ms: duration(0.001, 3_600_000),
  /** What 99 of 100 must be. */
  p99Ms: duration(0.001, 3_600_000),
};

const autocannonShape = {
  ...common,
  connections: count(1, 10_000),
  /** Requests that a connection sends before the first of them is answered. */
  pipelining: count(1, 1_000),
  /** Processes that the connections are spread over. */
  workers: count(1, 100),
  /** Requests a second of all connections; `max`: each connection sends as fast as it is answered. */
  rate,
};

/** What every tool is told, complete. */
export type LoadOptions = z.infer<z.ZodObject<typeof common>>;
export type GhzOptions = z.infer<z.ZodObject<typeof ghzShape>>;
export type K6Options = z.infer<z.ZodObject<typeof k6Shape>>;
export type AutocannonOptions = z.infer<z.ZodObject<typeof autocannonShape>>;

/** Options for ghz, by the names of {@link GhzOptions}. @throws Error with a line for each problem */
export function ghzOptions(raw: Readonly<Record<string, unknown>>): GhzOptions {
  const options = { ...defaults, concurrency: 50, connections: 1, rate: "max", messages: 0 } as const;
  const resolved: GhzOptions = { ...options, ...parseOptions(ghzShape, raw) };
  const { concurrency, connections } = resolved;
  if (connections > concurrency) {
    throw new Error(
      `--connections: ${connections} connections need as many callers, and --concurrency is ${concurrency}`,
    );
  }
  return resolved;
}

/** Options for k6, by the names of {@link K6Options}. @throws Error with a line for each problem */
export function k6Options(raw: Readonly<Record<string, unknown>>): K6Options {
  const options = { ...defaults, script: "unary", users: 50, rate: 500, p95Ms: 250, p99Ms: 500 } as const;
  const given = parseOptions(k6Shape, raw);
  const resolved: K6Options = { ...options, ...given };
  const { script } = resolved;
  if (given.rate !== undefined && !hasRate(script)) {
    throw new Error(`--rate: ${script} sends as fast as it is answered; ramp and soak have a rate`);
  }
  return resolved;
}

/** Options for autocannon, by the names of {@link AutocannonOptions}. @throws Error with a line for each problem */
export function autocannonOptions(raw: Readonly<Record<string, unknown>>): AutocannonOptions {
  const options = { ...defaults, connections: 50, pipelining: 1, workers: 1, rate: "max" } as const;
  const resolved: AutocannonOptions = { ...options, ...parseOptions(autocannonShape, raw) };
  const { connections, workers, rate: requests } = resolved;
  if (connections < workers) {
    throw new Error(`--workers: ${workers} workers need as many connections, and --connections is ${connections}`);
  }
  if (requests !== "max" && requests < connections) {
    throw new Error(
      `--rate: ${connections} connections send at least ${connections} requests a second, not ${requests}`,
    );
  }
  return resolved;
}
