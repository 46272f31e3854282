import { parseStoreUrl } from "@chappe/broker-redis";
import { passes } from "@chappe/command-line/flag-schemas";
import { MAX_ATTEMPTS } from "@chappe/message";
import { z } from "zod";

/** What a router can be told, by a flag or by an environment variable of the same name. */
export interface Setting<Value> {
  readonly group: "Serving" | "Storing" | "Delivering" | "Shutting down" | "Telling";
  /** Stands for the value in the help. */
  readonly placeholder: string;
  readonly help: string;
  /** As one would write it; undefined: nothing. */
  readonly default: string | undefined;
  /** Reads the text; its error says what is wrong, and what is allowed. */
  readonly schema: z.ZodType<Value, string>;
  /** Its value is not repeated in errors and logs. */
  readonly secret?: true;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const MIB = 1_048_576;

const LISTEN = "unix:.+|(\\[[0-9a-fA-F:.]+\\]|[^\\s:/[\\]]+):\\d{1,5}";
const LISTEN_OR_OFF = matching(new RegExp(`^(off|${LISTEN})$`), "host:port, unix:/path, or off");

/** Every setting, by its name in code. `leaseMs` is `--lease-ms` and `CHAPPE_LEASE_MS`. */
export const settings = {
  listen: {
    group: "Serving",
    placeholder: "host:port",
    help: "where to serve gRPC; unix:/path is a socket, port 0 any free port",
    default: "0.0.0.0:9090",
    schema: matching(new RegExp(`^(${LISTEN})$`), "host:port, or unix:/path"),
  },
  httpListen: {
    group: "Serving",
    placeholder: "host:port",
    help: "where to serve HTTP; port 0 is any free port, off serves none",
    default: "0.0.0.0:9080",
    schema: LISTEN_OR_OFF,
  },
  adminListen: {
    group: "Serving",
    placeholder: "host:port",
    help: "where to serve operators, who may read and delete everything: 127.0.0.1:9070, say; off serves none",
    default: "off",
    schema: LISTEN_OR_OFF,
  },
  maxMessageBytes: {
    group: "Serving",
    placeholder: "bytes",
    help: "largest body of a message; clients and receivers must allow it too",
    default: String(MIB),
    schema: wholeNumber(1, 64 * MIB),
  },
  maxConnectionAgeMs: {
    group: "Serving",
    placeholder: "ms",
    help: "older connections are asked to reconnect, so that new routers get their share; 0: never",
    default: String(HOUR / 2),
    schema: wholeNumber(SECOND, 7 * DAY, "0, or "),
  },
  keepaliveMs: {
    group: "Serving",
    placeholder: "ms",
    help: "a connection that is silent for so long is pinged",
    default: "20000",
    schema: wholeNumber(SECOND, DAY),
  },
  tlsCert: {
    group: "Serving",
    placeholder: "file",
    help: "certificate chain (PEM), for TLS; with --tls-key",
    default: undefined,
    schema: z.string(),
  },
  tlsKey: {
    group: "Serving",
    placeholder: "file",
    help: "its private key (PEM)",
    default: undefined,
    schema: z.string(),
  },
  tlsClientCa: {
    group: "Serving",
    placeholder: "file",
    help: "authority (PEM) whose certificates clients must show",
    default: undefined,
    schema: z.string(),
  },
  store: {
    group: "Storing",
    placeholder: "kind",
    help: "redis; or memory, for trying out: messages end with the process",
    default: "redis",
    schema: z.enum(["redis", "memory"], { error: "must be redis or memory" }),
  },
  redisUrl: {
    group: "Storing",
    placeholder: "url",
    help: "redis://[[user]:password@]host[:port][/db]; redis+sentinel://host:port,host:port/primary[/db][?sentinelUsername=…&sentinelPassword=…]; redis+cluster://host:port,host:port; rediss… for TLS; or the path of a unix socket",
    default: "redis://localhost:6379",
    schema: z.string().superRefine(passes(parseStoreUrl)),
    secret: true,
  },
  redisTlsCa: {
    group: "Storing",
    placeholder: "file",
    help: "authority (PEM) to believe, where Redis has TLS",
    default: undefined,
    schema: z.string(),
  },
  redisTlsCert: {
    group: "Storing",
    placeholder: "file",
    help: "certificate chain (PEM) to show to Redis, where it asks for one; with --redis-tls-key",
    default: undefined,
    schema: z.string(),
  },
  redisTlsKey: {
    group: "Storing",
    placeholder: "file",
    help: "its private key (PEM)",
    default: undefined,
    schema: z.string(),
  },
  redisTlsServerName: {
    group: "Storing",
    placeholder: "name",
    help: "whom the certificates of Redis are for, where servers are reached by another name or by address",
    default: undefined,
    schema: matching(/^[^\s:/]{1,253}$/, "a host name"),
  },
  redisKeyPrefix: {
    group: "Storing",
    placeholder: "text",
    help: "what all keys begin with; deployments that share a Redis need one each",
    default: "chappe",
    schema: matching(/^[^\s{}]{1,100}$/, "1 to 100 characters, without braces and spaces"),
  },
  durabilityTimeoutMs: {
    group: "Storing",
    placeholder: "ms",
    help: "how long a publish that is replicated or fsynced waits for replicas or the disk, before it is refused and sent again",
    default: "1000",
    schema: wholeNumber(10, HOUR),
  },
  deduplicationWindowMs: {
    group: "Storing",
    placeholder: "ms",
    help: "how long a message's deduplication id is remembered",
    default: "120000",
    schema: wholeNumber(SECOND, DAY),
  },
  topicRetentionMs: {
    group: "Storing",
    placeholder: "ms",
    help: "how long messages of a topic stay",
    default: String(7 * DAY),
    schema: wholeNumber(1, 365 * DAY),
  },
  topicRetentionBytes: {
    group: "Storing",
    placeholder: "bytes",
    help: "how much of each topic stays, read or not; 0: no limit",
    default: String(1_024 * MIB),
    schema: wholeNumber(0, 999_999_999_999_999),
  },
  maxDeadLetters: {
    group: "Storing",
    placeholder: "number",
    help: "how many dead letters each subscription keeps",
    default: "10000",
    schema: wholeNumber(1, 1_000_000_000),
  },
  deadLetterRetentionMs: {
    group: "Storing",
    placeholder: "ms",
    help: "how long dead letters stay",
    default: String(31 * DAY),
    schema: wholeNumber(1, 3_650 * DAY),
  },
  maxQueueMessages: {
    group: "Storing",
    placeholder: "number",
    help: "messages without an outcome from which on a receiver's queue takes no more; 0: no limit",
    default: "1000000",
    schema: wholeNumber(0, 999_999_999_999),
  },
  maxQueueBytes: {
    group: "Storing",
    placeholder: "bytes",
    help: "memory of the store from which on a receiver's queue takes no more; 0: no limit",
    default: String(1_024 * MIB),
    schema: wholeNumber(0, 999_999_999_999_999),
  },
  leaseMs: {
    group: "Delivering",
    placeholder: "ms",
    help: "a consumer that is silent for so long is taken for dead, and what it held is retried",
    default: "30000",
    schema: wholeNumber(SECOND, HOUR),
  },
  heartbeatMs: {
    group: "Delivering",
    placeholder: "ms",
    help: "a stream that is idle for so long carries a sign of life (default: a third of the lease)",
    default: undefined,
    schema: wholeNumber(100, HOUR),
  },
  maxAttempts: {
    group: "Delivering",
    placeholder: "number",
    help: "attempts until a message goes to the dead letters",
    default: "5",
    schema: wholeNumber(1, MAX_ATTEMPTS),
  },
  minRetryMs: {
    group: "Delivering",
    placeholder: "ms",
    help: "longest wait before the second attempt; it doubles with each, and is cut at random",
    default: "1000",
    schema: wholeNumber(1, DAY),
  },
  maxRetryMs: {
    group: "Delivering",
    placeholder: "ms",
    help: "longest wait before any attempt",
    default: "600000",
    schema: wholeNumber(1, DAY),
  },
  expired: {
    group: "Delivering",
    placeholder: "what",
    help: "what becomes of a message past its ttl: dead-letter; or drop, which only counts it",
    default: "dead-letter",
    schema: z.enum(["dead-letter", "drop"], { error: "must be dead-letter or drop" }),
  },
  drainMs: {
    group: "Shutting down",
    placeholder: "ms",
    help: "how long clients have to leave before they are cut off",
    default: "25000",
    schema: wholeNumber(0, HOUR),
  },
  metricsAddresses: {
    group: "Telling",
    placeholder: "number",
    help: "how many addresses show their depth and age in /metrics",
    default: "100",
    schema: wholeNumber(0, 10_000),
  },
  logLevel: {
    group: "Telling",
    placeholder: "level",
    help: "trace, debug, info, warn, error, fatal or silent",
    default: "info",
    schema: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
      error: "must be trace, debug, info, warn, error, fatal or silent",
    }),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** Name of a setting in code. */
export type SettingName = keyof typeof settings;

/** The flag of a setting: leaseMs → --lease-ms. */
export function flagOf(name: SettingName): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The environment variable of a setting: leaseMs → CHAPPE_LEASE_MS. */
export function variableOf(name: SettingName): string {
  return `CHAPPE_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function matching(pattern: RegExp, allowed: string): z.ZodType<string, string> {
  return z.string().regex(pattern, { error: `must be ${allowed}` });
}

function wholeNumber(min: number, max: number, orZero: "" | "0, or " = ""): z.ZodType<number, string> {
  const isAllowed = (value: number): boolean => (value >= min && value <= max) || (orZero !== "" && value === 0);
  return z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) && isAllowed(Number(text)), {
      error: `must be ${orZero}a whole number from ${min} to ${max}`,
    })
    .transform(Number);
}
