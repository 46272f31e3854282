import type { Broker } from "@chappe/broker";
import { ChappeError, DEFAULT_RETRY_POLICY, MAX_ATTEMPTS, MAX_MESSAGE_BYTES } from "@chappe/message";
import { z } from "zod";
import type { HttpRouterEvent } from "./http-router-event.ts";
import type { Metrics } from "./metrics/metrics.ts";

/** PEM texts for TLS. */
export interface HttpTlsOptions {
  /** The router's certificate, with the chain that leads to its authority. */
  readonly cert: Buffer;
  /** Its private key. */
  readonly key: Buffer;
  /** Authority whose certificates clients must show. @default none: clients show nothing */
  readonly clientCa?: Buffer | undefined;
}

/** How to start an HTTP router. */
export interface HttpRouterOptions {
  /** What it exposes. It stays the caller's: closing the router does not close it. */
  readonly broker: Broker;
  /** `host:port` or `unix:/path`. Port 0 is any free port. @default "0.0.0.0:9080" */
  readonly listen?: string;
  /** @default none: for private networks and behind a proxy that speaks TLS */
  readonly tls?: HttpTlsOptions | undefined;
  /**
   * A consumer that holds messages and says nothing for this long is taken for dead, unless it asked for a lease of its
   * own. 1 s to 1 h. @default 30_000
   */
  readonly leaseMs?: number;
  /** An idle stream carries a comment this often. 100 ms up to the lease. @default a third of the lease */
  readonly heartbeatMs?: number;
  /** Largest body of a message. 1 to 64 MiB. Stores and receivers must bear it too. @default 1 MiB */
  readonly maxMessageBytes?: number;
  /** How long {@link HttpRouter.drain} waits for clients to leave. 0 to 1 h. @default 25_000, within the 30 s of Kubernetes */
  readonly drainMs?: number;
  /** What the broker's retry policy says, for clients to know. 1 to 65,535. @default 5 */
  readonly maxAttempts?: number;
  /** Why messages are not taken, if they are not: what `/readyz` answers. @default a round trip to the store, each time */
  readonly readiness?: (() => ChappeError | undefined) | undefined;
  /** What `/metrics` shows. @default none: `/metrics` is not served */
  readonly metrics?: Metrics | undefined;
  /** Told of what operators want to know. Must not throw. @default nobody */
  readonly onEvent?: (event: HttpRouterEvent) => void;
}

const SECOND = 1_000;
const HOUR = 3_600_000;

const numbers = z
  .object({
    leaseMs: within(SECOND, HOUR).default(30_000),
    heartbeatMs: within(100, HOUR).optional(),
    maxMessageBytes: within(1, 64 * 1_048_576).default(MAX_MESSAGE_BYTES),
    drainMs: within(0, HOUR).default(25_000),
    maxAttempts: within(1, MAX_ATTEMPTS).default(DEFAULT_RETRY_POLICY.maxAttempts),
  })
  .transform(({ heartbeatMs, ...rest }) => ({ ...rest, heartbeatMs: heartbeatMs ?? Math.floor(rest.leaseMs / 3) }))
  .refine(({ heartbeatMs, leaseMs }) => heartbeatMs <= leaseMs, {
    error: "must not be longer than leaseMs",
    path: ["heartbeatMs"],
  });

/** {@link HttpRouterOptions} with every number decided. */
export type ResolvedHttpRouterOptions = z.output<typeof numbers>;

/**
 * Decides every number.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed
 */
export function resolveHttpRouterOptions(options: HttpRouterOptions): ResolvedHttpRouterOptions {
  const checked = numbers.safeParse(options);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  const name = issue.path.join(".") as keyof ResolvedHttpRouterOptions;
  throw new ChappeError("INVALID_ARGUMENT", `${name} ${options[name]}: ${issue.message}`);
}

function within(min: number, max: number): z.ZodNumber {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}
