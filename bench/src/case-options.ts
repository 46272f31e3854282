import type { z } from "zod";
import { STAMP_BYTES } from "./end-to-end/stamp.ts";
import { aof, count, duration, MAX_BODY_BYTES, oneOf, parseOptions, rate } from "./option-values.ts";

const shape = {
  /** Bytes of each body. */
  bodyBytes: count(STAMP_BYTES, MAX_BODY_BYTES),
  /** Routers, each a process of its own; every client knows all of them. */
  routers: count(1, 100),
  /** Sender programs, each a process of its own. */
  senders: count(1, 100),
  /** Receivers that messages are spread over evenly; 0 when topics are. */
  receivers: count(0, 100_000),
  /** Topics that messages are spread over evenly; 0 when receivers are. */
  topics: count(0, 10_000),
  /** Subscriptions of each topic. */
  subscriptions: count(1, 1_000),
  /** Programs that the receivers or subscriptions are spread over, each a process of its own. */
  receiverPrograms: count(1, 100),
  /** Whether a receiver program is one client with one connection to a router, or each of its receivers is. */
  connections: oneOf(["per-program", "per-receiver"]),
  rate,
  /** At `max`: how many sends each sender waits for at a time; it is what a sender's callers amount to. */
  concurrency: count(1, 100_000),
  aof,
  /** Masters of a Redis Cluster, without replicas; 0: one Redis. */
  redisMasters: count(0, 16),
  /** How long to measure, after the warm-up. */
  seconds: duration(0.2, 86_400),
  /** How long to send before measuring. */
  warmUpSeconds: duration(0, 3_600),
  /** In a backlog: how many messages are sent before anybody receives. */
  messages: count(1_000, 100_000_000),
};

/** What a case runs, complete. */
export type CaseOptions = z.infer<z.ZodObject<typeof shape>>;

/** What the command line changes about every selected case. */
export type Overrides = Partial<CaseOptions>;

/**
 * Reads options given as texts. What is not there is left out.
 *
 * @param raw by the names of {@link CaseOptions}
 * @throws Error with a line for each problem: the flag, its value and what is allowed
 */
export function parseOverrides(raw: Readonly<Record<string, unknown>>): Overrides {
  return parseOptions(shape, raw);
}

/** One sender, one receiver, 100 bytes, as fast as it goes, with the durability most people run. */
const defaults: CaseOptions = {
  bodyBytes: 100,
  routers: 1,
  senders: 1,
  receivers: 1,
  topics: 0,
  subscriptions: 1,
  receiverPrograms: 1,
  connections: "per-program",
  rate: "max",
  concurrency: 2_000,
  aof: "everysec",
  redisMasters: 0,
  seconds: 3,
  warmUpSeconds: 1,
  messages: 300_000,
};

/** What the concurrent sends of one sender may hold, whatever the bodies' size. */
const MAX_CONCURRENT_BYTES = 16 * MAX_BODY_BYTES;

/**
 * A case's options: what the command line says, else what the case says, else the defaults.
 *
 * @throws Error for options that contradict each other, with both values
 */
export function resolveCaseOptions(own: Partial<CaseOptions>, over: Overrides): CaseOptions {
  const resolved = { ...defaults, ...own, ...over };
  // Asking for the one kind of address leaves the other.
  if (over.topics !== undefined && over.topics > 0 && over.receivers === undefined) resolved.receivers = 0;
  if (over.receivers !== undefined && over.receivers > 0 && over.topics === undefined) resolved.topics = 0;
  const { receivers, topics, subscriptions, bodyBytes } = resolved;
  if (receivers > 0 && topics > 0)
    throw new Error(`${receivers} receivers and ${topics} topics: ask for one of the two`);
  if (receivers === 0 && topics === 0) throw new Error("0 receivers and 0 topics: messages need somewhere to go");
  if (topics === 0 && subscriptions > 1) {
    throw new Error(`${subscriptions} subscriptions and ${topics} topics: a receiver has one queue; ask for topics`);
  }
  if (own.concurrency === undefined && over.concurrency === undefined) {
    resolved.concurrency = Math.max(1, Math.min(resolved.concurrency, Math.floor(MAX_CONCURRENT_BYTES / bodyBytes)));
  }
  return resolved;
}
