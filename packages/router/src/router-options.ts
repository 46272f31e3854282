import type { Broker } from "@chappe/broker";
import { ChappeError, DEFAULT_RETRY_POLICY, MAX_ATTEMPTS, MAX_MESSAGE_BYTES } from "@chappe/message";
import { ServerCredentials } from "@grpc/grpc-js";
import { type ListenTarget, parseListen } from "./listen-target.ts";
import type { RouterEvent } from "./router-event.ts";

/** How to start a router. */
export interface RouterOptions {
  /** What it exposes. It stays the caller's: closing the router does not close it. */
  readonly broker: Broker;
  /** `host:port` or `unix:/path`. Port 0 is any free port. @default "0.0.0.0:9090" */
  readonly listen?: string;
  /** TLS. @default none: for private networks and behind a proxy that speaks TLS */
  readonly credentials?: ServerCredentials;
  /** A consumer that sends no frame for this long is taken for dead. 1 s to 1 h. @default 30_000 */
  readonly leaseMs?: number;
  /** An idle Subscribe stream carries an empty frame this often. 100 ms up to the lease. @default a third of the lease */
  readonly heartbeatMs?: number;
  /** Largest body of a message. 1 to 64 MiB. Stores and receivers must bear it too. @default 1 MiB */
  readonly maxMessageBytes?: number;
  /** How long {@link Router.drain} waits for clients to leave. 0 to 1 h. @default 25_000, within the 30 s of Kubernetes */
  readonly drainMs?: number;
  /** A connection this long without a sign of life is pinged. 1 s to 1 d. @default 20_000 */
  readonly keepaliveMs?: number;
  /** A ping unanswered for this long ends the connection. 100 ms to 1 h. @default 10_000 */
  readonly keepaliveTimeoutMs?: number;
  /**
   * Connections older than this, ±10 %, are asked to reconnect, so that a new router gets its share. They have `drainMs`
   * for it. 1 s to 7 d; 0: never. @default 1_800_000
   */
  readonly maxConnectionAgeMs?: number;
  /** How often readiness makes a round trip to the store. 50 ms to 1 h. @default 5_000 */
  readonly readinessMs?: number;
  /** What the broker's retry policy says, for clients to know. 1 to 65,535. @default 5 */
  readonly maxAttempts?: number;
  /** Told of what operators want to know. Must not throw. @default nobody */
  readonly onEvent?: (event: RouterEvent) => void;
}

/** {@link RouterOptions} with everything decided. */
export interface ResolvedRouterOptions extends Required<Omit<RouterOptions, "listen">> {
  readonly listen: ListenTarget;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/**
 * Decides every option.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed
 */
export function resolveRouterOptions(options: RouterOptions): ResolvedRouterOptions {
  const leaseMs = within("leaseMs", options.leaseMs ?? 30_000, SECOND, HOUR);
  const resolved: ResolvedRouterOptions = {
    broker: options.broker,
    listen: parseListen(options.listen ?? "0.0.0.0:9090"),
    credentials: options.credentials ?? ServerCredentials.createInsecure(),
    leaseMs,
    heartbeatMs: within("heartbeatMs", options.heartbeatMs ?? Math.floor(leaseMs / 3), 100, HOUR),
    maxMessageBytes: within("maxMessageBytes", options.maxMessageBytes ?? MAX_MESSAGE_BYTES, 1, 64 * 1_048_576),
    drainMs: within("drainMs", options.drainMs ?? 25_000, 0, HOUR),
    keepaliveMs: within("keepaliveMs", options.keepaliveMs ?? 20_000, SECOND, DAY),
    keepaliveTimeoutMs: within("keepaliveTimeoutMs", options.keepaliveTimeoutMs ?? 10_000, 100, HOUR),
    maxConnectionAgeMs: connectionAge(options.maxConnectionAgeMs ?? 1_800_000),
    readinessMs: within("readinessMs", options.readinessMs ?? 5_000, 50, HOUR),
    maxAttempts: within("maxAttempts", options.maxAttempts ?? DEFAULT_RETRY_POLICY.maxAttempts, 1, MAX_ATTEMPTS),
    onEvent: options.onEvent ?? (() => {}),
  };
  const { heartbeatMs } = resolved;
  if (heartbeatMs > leaseMs) {
    throw invalid(`heartbeatMs ${heartbeatMs} is longer than leaseMs ${leaseMs}: make it shorter, or the lease longer`);
  }
  return resolved;
}

function connectionAge(ms: number): number {
  return ms === 0 ? 0 : within("maxConnectionAgeMs", ms, SECOND, 7 * DAY);
}

function within(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(`${name} ${value}: must be a whole number from ${min} to ${max}`);
}

function invalid(message: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", message);
}
