import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { ChappeError, checkName, MAX_MESSAGE_BYTES } from "@chappe/message";
import type { ChannelCredentials } from "@grpc/grpc-js";
import type { HealingLimits } from "./acknowledged-batches.ts";
import type { BackoffLimits } from "./backoff.ts";
import { checkKnown, checkOneOf, checkWhole } from "./check-option.ts";
import { channelCredentials, type TlsOptions } from "./credentials.ts";
import type { PublisherOptions } from "./publisher.ts";
import { guardListener, type StatusListener } from "./status.ts";
import type { TransportOptions } from "./transport.ts";

/** How to {@link connect}. */
export interface ConnectOptions {
  /**
   * Where routers listen: `host:port` (port 9090 where it is left out), `unix:/path`, or any target that gRPC knows. Streams
   * spread over them; while one can be reached, the client works.
   */
  readonly routers: readonly string[];
  /**
   * How operators see this client: its consumers are called `<name>.1`, `<name>.2`, …
   *
   * @default host name, process id and a few random characters
   */
  readonly name?: string;
  /** Largest body that may be sent, in bytes. Raise it together with the routers'. @default 1_048_576 */
  readonly maxMessageBytes?: number;
  /** Most memory for sends without an answer, in bytes: their messages, and 256 for each. @default 67_108_864 */
  readonly maxPendingBytes?: number;
  /** What `send` does beyond that: wait for room, or reject with RESOURCE_EXHAUSTED. @default "wait" */
  readonly whenFull?: "wait" | "reject";
  /** How long a send may take, reconnects and retries included, in milliseconds. @default 30_000 */
  readonly sendTimeoutMs?: number;
  /** How much is kept to send again when Redis comes back without its last moments. */
  readonly healing?: Partial<HealingLimits>;
  /** TLS. @default none: plain text, for private networks */
  readonly tls?: boolean | TlsOptions;
  /** Credentials of @grpc/grpc-js, for what `tls` cannot say. */
  readonly credentials?: ChannelCredentials;
  /** How long the making of a connection may take, in milliseconds. @default 5_000 */
  readonly connectTimeoutMs?: number;
  /** Told of connects, disconnects and the like. @default nobody */
  readonly onStatus?: StatusListener;
}

/** {@link ConnectOptions} with everything decided. */
export interface ResolvedConnectOptions {
  readonly routers: readonly string[];
  readonly name: string;
  readonly publisher: PublisherOptions;
  readonly transport: TransportOptions;
  readonly reconnect: BackoffLimits;
  readonly onStatus: StatusListener;
}

const KNOWN = [
  "routers",
  "name",
  "maxMessageBytes",
  "maxPendingBytes",
  "whenFull",
  "sendTimeoutMs",
  "healing",
  "tls",
  "credentials",
  "connectTimeoutMs",
  "onStatus",
] as const satisfies readonly (keyof ConnectOptions)[];

const DEFAULT_PORT = 9090;
const MIB = 1_048_576;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Soon enough that a restarted router is hardly missed, far enough apart not to keep it from starting. */
const RECONNECT: BackoffLimits = { firstMs: 50, maxMs: 5_000 };

/**
 * Decides every option.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed
 */
export function resolveConnectOptions(options: ConnectOptions): ResolvedConnectOptions {
  checkKnown(options, "connect", KNOWN);
  const { healing = {}, name = defaultName() } = options;
  checkKnown(healing, "healing", ["maxBytes", "maxAgeMs"]);
  checkName(`${name}.1`, "name");
  return {
    routers: resolveRouters(options.routers),
    name,
    publisher: {
      maxMessageBytes: checkWhole(options.maxMessageBytes ?? MAX_MESSAGE_BYTES, "maxMessageBytes", {
        min: 1,
        max: 64 * MIB,
      }),
      maxPendingBytes: checkWhole(options.maxPendingBytes ?? 64 * MIB, "maxPendingBytes", {
        min: 1,
        max: Number.MAX_SAFE_INTEGER,
      }),
      whenFull: checkOneOf(options.whenFull ?? "wait", "whenFull", ["wait", "reject"]),
      sendTimeoutMs: checkWhole(options.sendTimeoutMs ?? 30_000, "sendTimeoutMs", { min: 1, max: DAY_MS }),
      healing: {
        maxBytes: checkWhole(healing.maxBytes ?? 8 * MIB, "healing.maxBytes", { min: 0, max: 1024 * MIB }),
        maxAgeMs: checkWhole(healing.maxAgeMs ?? 10_000, "healing.maxAgeMs", { min: 0, max: 60_000 }),
      },
    },
    transport: {
      credentials: channelCredentials(options.tls, options.credentials),
      connectTimeoutMs: checkWhole(options.connectTimeoutMs ?? 5_000, "connectTimeoutMs", {
        min: 1,
        max: HOUR_MS,
      }),
    },
    reconnect: RECONNECT,
    onStatus: guardListener(options.onStatus),
  };
}

function resolveRouters(routers: readonly string[]): string[] {
  if (!Array.isArray(routers) || routers.length === 0) {
    throw new ChappeError("INVALID_ARGUMENT", `routers must list at least one, as in ["localhost:9090"]`);
  }
  return [...new Set(routers.map((router) => resolveRouter(router, DEFAULT_PORT)))];
}

/** A target of gRPC, with a port where it is but a host. @throws ChappeError INVALID_ARGUMENT */
export function resolveRouter(router: string, defaultPort: number): string {
  if (typeof router !== "string" || router === "" || /\s/.test(router)) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `routers: ${JSON.stringify(router)} must be "host:port" or another target of gRPC`,
    );
  }
  return /^[^:/]+$/.test(router) ? `${router}:${defaultPort}` : router;
}

function defaultName(): string {
  const host = hostname()
    .replace(/[^a-zA-Z0-9._-]/g, "-")
    .slice(0, 100);
  return `${host}-${process.pid}-${randomBytes(4).toString("hex")}`;
}
