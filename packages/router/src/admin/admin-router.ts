import { type Administrable, type Broker, isAdministrable, type Store } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import { adminProtoPath, type AdminGrpcType, loaderOptions, protoRoot } from "@chappe/proto";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { formatListen, parseListen } from "../listen-target.ts";
import { Listener } from "../listener.ts";
import { addReflection } from "../reflection.ts";
import type { AdminChange } from "./admin-change.ts";
import { adminHandlers } from "./admin-service.ts";

/** Full name of the service, as reflection knows it. */
const ADMIN_SERVICE = "chappe.v1.AdminService";

/** Calls that are under way have this long to be answered when it closes: one does not work for longer than two seconds. */
const CLOSE_MS = 5_000;

/** How to {@link startAdminRouter}. */
export interface AdminRouterOptions {
  /** What it shows and repairs. It stays the caller's. */
  readonly store: Store;
  /** Moves subscriptions. It stays the caller's. */
  readonly broker: Pick<Broker, "seek">;
  /**
   * `host:port` or `unix:/path`. Whoever reaches it may read and delete every message: keep it to this machine or to a
   * network of operators'. Port 0 is any free port. @default "127.0.0.1:9070"
   */
  readonly listen?: string;
  /** TLS. @default none */
  readonly credentials?: ServerCredentials;
  /** Told of what operators have changed. Must not throw. @default nobody */
  readonly onChange?: (change: AdminChange) => void;
}

/** A running `chappe.v1.AdminService`. */
export interface AdminRouter extends AsyncDisposable {
  /** What operators connect to: `host:port`, with the port that was taken, or `unix:/path`. */
  readonly address: string;
  /** Answers the calls that are under way, and stops. Never rejects. */
  close(): Promise<void>;
}

/**
 * Serves `chappe.v1.AdminService` for a store, and reflection: at an address of its own, so that who may send and receive
 * need not be one who may delete.
 *
 * @throws ChappeError INVALID_ARGUMENT for an option that is not allowed, or a store that is not `Administrable`;
 * FAILED_PRECONDITION, PERMISSION_DENIED or UNAVAILABLE when it cannot listen
 */
export async function startAdminRouter(options: AdminRouterOptions): Promise<AdminRouter> {
  const { administration } = administrable(options.store);
  const target = parseListen(options.listen ?? "127.0.0.1:9070");
  const server = new Server({ "grpc.max_send_message_length": -1, "grpc.enable_channelz": 0 });
  const service = loadSync(adminProtoPath, loaderOptions)[
    ADMIN_SERVICE
  ] as unknown as AdminGrpcType["chappe"]["v1"]["AdminService"]["service"];
  const underWay = new Set<Promise<unknown>>();
  const handlers = adminHandlers(
    { administration, broker: options.broker },
    {
      onCall: (answered) => {
        underWay.add(answered);
        void answered.then(() => underWay.delete(answered));
      },
      onChange: options.onChange ?? (() => {}),
    },
  );
  server.addService(service, handlers);
  addReflection(server, [{ file: "chappe/v1/admin.proto", root: protoRoot }]);
  const credentials = options.credentials ?? ServerCredentials.createInsecure();
  const listener = await Listener.start(server, target, credentials, () => {});
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    listener.leave(CLOSE_MS);
    await Promise.all(underWay);
    await listener.close(CLOSE_MS);
    server.forceShutdown();
  };
  return {
    address: formatListen(listener.target),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

function administrable(store: Store): Store & Administrable {
  if (isAdministrable(store)) return store;
  throw new ChappeError("INVALID_ARGUMENT", "store: it cannot be administered");
}
