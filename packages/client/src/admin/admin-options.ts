import type { ChannelCredentials } from "@grpc/grpc-js";
import { checkKnown, checkWhole } from "../check-option.ts";
import { resolveRouter } from "../connect-options.ts";
import { channelCredentials, type TlsOptions } from "../credentials.ts";

/** How to {@link connectAdmin}. */
export interface AdminOptions {
  /** Where a router serves `chappe.v1.AdminService`: `host:port`, or any target that gRPC knows. @default "localhost:9070" */
  readonly router?: string;
  /** TLS. @default none */
  readonly tls?: boolean | TlsOptions;
  /** Credentials of @grpc/grpc-js, for what `tls` cannot say. */
  readonly credentials?: ChannelCredentials;
  /** How long one call may take, in milliseconds; a long work is many calls. @default 30_000 */
  readonly timeoutMs?: number;
}

/** {@link AdminOptions} with everything decided. */
export interface ResolvedAdminOptions {
  readonly router: string;
  readonly credentials: ChannelCredentials;
  readonly timeoutMs: number;
}

const DEFAULT_PORT = 9070;

/** Decides every option. @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed */
export function resolveAdminOptions(options: AdminOptions): ResolvedAdminOptions {
  checkKnown(options, "connectAdmin", ["router", "tls", "credentials", "timeoutMs"]);
  return {
    router: resolveRouter(options.router ?? "localhost", DEFAULT_PORT),
    credentials: channelCredentials(options.tls, options.credentials),
    timeoutMs: checkWhole(options.timeoutMs ?? 30_000, "timeoutMs", { min: 1, max: 3_600_000 }),
  };
}
