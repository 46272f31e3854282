import { randomBytes } from "node:crypto";
import { createSecureContext } from "node:tls";
import {
  checkDeduplicationWindow,
  DEFAULT_DEDUPLICATION_WINDOW_MS,
  DEFAULT_QUEUE_LIMITS,
  type QueueLimits,
} from "@chappe/broker";
import { ChappeError, checkName } from "@chappe/message";
import { parseStoreUrl, type RedisServer, type StorePlace } from "./store-url.ts";
import type { RetentionLimits } from "./topic-retention.ts";

/** What a Redis store tells an operator. It logs nothing itself. */
export type RedisStoreEvent =
  /** Calls are carried out from now on. */
  | { readonly kind: "connected" }
  /**
   * Calls reject with UNAVAILABLE until it is connected again, which it tries by itself. On a cluster: calls for addresses
   * whose partition `server` serves, until that is back or another one takes its place.
   */
  | { readonly kind: "disconnected"; readonly error: ChappeError; readonly server?: string }
  /** Redis lets this user in, and does not let it do what a store must: `ping` rejects, until it does. */
  | { readonly kind: "refused"; readonly error: ChappeError }
  /** Wake-ups do not arrive, so that what others publish is noticed by look-rounds alone, until it is `waking`. */
  | { readonly kind: "not-waking"; readonly error: ChappeError }
  /** Wake-ups arrive. */
  | { readonly kind: "waking" }
  /** Redis came back without the address, or lost a part of it: earlier messages are lost. */
  | { readonly kind: "epoch-changed"; readonly address: string; readonly epoch: string }
  /** An entry cannot be read: something else wrote to the stream. It is passed over, and stays. */
  | { readonly kind: "entry-damaged"; readonly address: string; readonly subscription: string; readonly ref: string }
  /** Instances that died without a word; what they owned is being taken over. */
  | { readonly kind: "instances-gone"; readonly instances: readonly string[] };

/** How to {@link connectRedisStore}. */
export interface RedisStoreOptions extends RedisServer {
  /**
   * `redis://[[user]:password@]host[:port][/db]`, or the path of a unix socket.
   *
   * `redis+sentinel://[[user]:password@]host[:port],…/<primary>[/db][?sentinelUsername=…&sentinelPassword=…]`: the hosts
   * are sentinels, port 26379 by default, and say which server is the primary that they call so.
   *
   * `redis+cluster://[[user]:password@]host[:port],…`: some nodes of a cluster, which name the others.
   *
   * Each with `rediss` instead of `redis` for TLS, also to the sentinels; `tls` beside it says whom to believe, and what to
   * show. What is named beside the url, such as `password`, wins; `host`, `port` and `path` cannot be named beside it.
   *
   * @default "redis://localhost:6379"
   */
  readonly url?: string;
  /**
   * What this instance is called in Redis' lists, for operators. A random ending is added, because what a dead instance
   * owned must not look like its successor's.
   *
   * @default "chappe"
   */
  readonly instance?: string;
  /**
   * What all keys and channels begin with. Give deployments that share a Redis one each. No braces, no spaces.
   *
   * @default "chappe"
   */
  readonly keyPrefix?: string;
  /**
   * After this many milliseconds without a sign an instance is taken for dead, and others take over what it owned.
   * Longer survives longer pauses, of processes and of Redis; shorter means less waiting after a crash.
   *
   * @default 10000
   * @minimum 100
   */
  readonly livenessMs?: number;
  /**
   * A connection that owes an answer and says nothing for this many milliseconds is dropped and made anew, for a socket
   * can die without a word. Longer than Redis may pause, as it does to fork or run somebody's long command.
   *
   * @default 5000
   * @minimum 100
   */
  readonly silenceMs?: number;
  /**
   * How long a publish waits for its replicas or the disk, milliseconds, before it is answered with UNAVAILABLE and must
   * be sent again. Longer than a replica, or a disk under load, may lag.
   *
   * @default 1000
   * @minimum 10
   */
  readonly durabilityTimeoutMs?: number;
  /**
   * How long entries of a topic stay, milliseconds, whether they were read or not.
   *
   * @default 604800000, 7 days
   */
  readonly topicRetentionMs?: number;
  /**
   * How long a deduplication id is remembered, milliseconds, 1 s to 24 h. Each one costs Redis about 200 bytes and its own
   * length meanwhile.
   *
   * @default 120000
   */
  readonly deduplicationWindowMs?: number;
  /**
   * How many bytes of records a topic keeps: beyond that its oldest batches go, whether they were read or not. What a
   * subscription loses that way, or by `topicRetentionMs`, is counted as `trimmed`. 0: no limit.
   *
   * @default 1073741824, 1 GiB
   */
  readonly topicRetentionBytes?: number;
  /**
   * How many dead letters each subscription keeps; then the oldest go.
   *
   * @default 10000
   */
  readonly maxDeadLetters?: number;
  /**
   * How long dead letters stay, milliseconds. Looked at when the next one comes.
   *
   * @default 2678400000, 31 days
   */
  readonly deadLetterRetentionMs?: number;
  /**
   * How many messages without an outcome a receiver's queue may hold: waiting, held, or due for another try. From there on
   * publishing to it is RESOURCE_EXHAUSTED, until it is read. The batch that reaches the limit may go beyond it. 0: no
   * limit. A topic has none either: it drops its oldest messages instead.
   *
   * @default 1000000
   */
  readonly maxQueueMessages?: number;
  /**
   * How many bytes of Redis' memory a receiver's queue may take, as `MEMORY USAGE` estimates them; otherwise as
   * `maxQueueMessages`.
   *
   * @default 1073741824, 1 GiB
   */
  readonly maxQueueBytes?: number;
  /** Called with what an operator may want to know. It must not throw. */
  readonly onEvent?: (event: RedisStoreEvent) => void;
}

/** {@link RedisStoreOptions}, complete. */
export interface ResolvedStoreOptions extends StorePlace {
  /** The name given and a random ending: no other instance ever has it. */
  readonly instance: string;
  readonly keyPrefix: string;
  readonly livenessMs: number;
  readonly silenceMs: number;
  readonly durabilityTimeoutMs: number;
  readonly deduplicationWindowMs: number;
  readonly retention: RetentionLimits;
  readonly queueLimits: QueueLimits;
  readonly onEvent: (event: RedisStoreEvent) => void;
}

const MIN_LIVENESS_MS = 100;
const MIN_SILENCE_MS = 100;
const MIN_DURABILITY_TIMEOUT_MS = 10;
const DAY_MS = 24 * 3_600_000;
const GIB = 1_073_741_824;

/** Completes options. @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed */
export function resolveStoreOptions(options: RedisStoreOptions): ResolvedStoreOptions {
  const {
    instance = "chappe",
    keyPrefix = "chappe",
    livenessMs = 10_000,
    silenceMs = 5_000,
    durabilityTimeoutMs = 1_000,
    deduplicationWindowMs = DEFAULT_DEDUPLICATION_WINDOW_MS,
    topicRetentionMs = 7 * DAY_MS,
    topicRetentionBytes = GIB,
    maxDeadLetters = 10_000,
    deadLetterRetentionMs = 31 * DAY_MS,
    maxQueueMessages = DEFAULT_QUEUE_LIMITS.maxMessages,
    maxQueueBytes = DEFAULT_QUEUE_LIMITS.maxBytes,
    onEvent = () => {},
  } = options;
  checkName(instance, "instance");
  if (!/^[^\s{}]{1,100}$/.test(keyPrefix)) {
    throw invalid("keyPrefix", keyPrefix, "1 to 100 characters, without braces and spaces");
  }
  checkAtLeast("livenessMs", livenessMs, MIN_LIVENESS_MS);
  checkAtLeast("silenceMs", silenceMs, MIN_SILENCE_MS);
  checkAtLeast("durabilityTimeoutMs", durabilityTimeoutMs, MIN_DURABILITY_TIMEOUT_MS);
  checkAtLeast("topicRetentionMs", topicRetentionMs, 1);
  checkAtLeast("topicRetentionBytes", topicRetentionBytes, 0);
  checkAtLeast("maxDeadLetters", maxDeadLetters, 1);
  checkAtLeast("deadLetterRetentionMs", deadLetterRetentionMs, 1);
  checkAtLeast("maxQueueMessages", maxQueueMessages, 0);
  checkAtLeast("maxQueueBytes", maxQueueBytes, 0);
  return {
    ...placeOf(options),
    instance: `${instance}-${randomBytes(6).toString("hex")}`,
    keyPrefix,
    livenessMs,
    silenceMs,
    durabilityTimeoutMs,
    deduplicationWindowMs: checkDeduplicationWindow(deduplicationWindowMs),
    retention: {
      topicMs: topicRetentionMs,
      topicBytes: topicRetentionBytes,
      deadLetterMs: deadLetterRetentionMs,
      deadLetters: maxDeadLetters,
    },
    queueLimits: { maxMessages: maxQueueMessages, maxBytes: maxQueueBytes },
    onEvent,
  };
}

function placeOf(options: RedisStoreOptions): StorePlace {
  const { host, port, path, username, password, db, tls, url } = options;
  if (tls !== undefined) checkTls(tls);
  const named: RedisServer = {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(path !== undefined && { path }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(db !== undefined && { db }),
    ...(tls !== undefined && { tls }),
  };
  if (url === undefined) return { server: path === undefined ? { host: "localhost", port: 6379, ...named } : named };
  for (const [name, value] of Object.entries({ host, port, path })) {
    if (value !== undefined) throw invalid(name, value, "nothing beside a url; leave out one of the two");
  }
  const place = parseStoreUrl(url);
  if (place.seeds !== undefined && db !== undefined && db !== 0) throw invalid("db", db, "0 on a cluster");
  return { ...place, server: { ...place.server, ...named } };
}

/** Else every attempt to connect would find out. */
function checkTls(tls: NonNullable<RedisServer["tls"]>): void {
  try {
    createSecureContext(tls);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `tls: certificate, key or authority cannot be used: ${reason}; allowed are PEM texts`;
    throw new ChappeError("INVALID_ARGUMENT", message, { cause: error });
  }
}

function checkAtLeast(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw invalid(name, value, `whole numbers from ${least} on`);
}

function invalid(name: string, value: string | number, allowed: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", `${name} ${value}: allowed are ${allowed}`);
}
