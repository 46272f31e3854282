import { once } from "node:events";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { ChappeError } from "@chappe/message";
import type { Server, ServerCredentials } from "@grpc/grpc-js";
import { formatListen, type ListenTarget } from "./listen-target.ts";

/**
 * The listening socket and the connections that came through it.
 *
 * grpc-js can listen by itself. It does not say then who is connected, and without channelz its `forceShutdown` overlooks
 * every connection, so that a client that never reads would hold up the process for ever. Connections accepted here and
 * handed to it are known.
 */
export class Listener {
  /** Where it listens, with the port that was taken. */
  readonly target: ListenTarget;
  readonly #server: NetServer;
  readonly #connections: ReadonlySet<Socket>;
  readonly #injector: ReturnType<Server["createConnectionInjector"]>;

  private constructor(
    server: NetServer,
    connections: ReadonlySet<Socket>,
    injector: ReturnType<Server["createConnectionInjector"]>,
    target: ListenTarget,
  ) {
    this.#server = server;
    this.#connections = connections;
    this.#injector = injector;
    this.target = target;
  }

  /**
   * Listens.
   *
   * @param onConnection told of each connection
   * @throws ChappeError FAILED_PRECONDITION when the address is taken, PERMISSION_DENIED, INVALID_ARGUMENT for an address
   * that is not this machine's; it names the address
   */
  static async start(
    grpc: Server,
    target: ListenTarget,
    credentials: ServerCredentials,
    onConnection: (socket: Socket) => void,
  ): Promise<Listener> {
    const injector = grpc.createConnectionInjector(credentials);
    const connections = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      connections.add(socket);
      socket.once("close", () => connections.delete(socket));
      injector.injectConnection(socket);
      onConnection(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(listenError(error, target)));
      server.listen(target, resolve);
    });
    const bound = server.address();
    const hasPort = "host" in target && bound !== null && typeof bound === "object";
    return new Listener(server, connections, injector, hasPort ? { host: target.host, port: bound.port } : target);
  }

  /**
   * Takes no more connections, and tells the clients of those there are to open no more calls on them. After `graceMs`
   * connections are broken, if {@link Listener.close} has not come before.
   */
  leave(graceMs: number): void {
    this.#server.close();
    this.#injector.drain(graceMs);
  }

  /** Waits up to `graceMs` for connections to end by themselves, as they do when their last call is over; ends the rest. */
  async close(graceMs: number): Promise<void> {
    const closed = Promise.all([...this.#connections].map((socket) => once(socket, "close")));
    const timer = setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
    this.#injector.destroy();
  }
}

function listenError(error: NodeJS.ErrnoException, target: ListenTarget): ChappeError {
  const message = `cannot listen on ${formatListen(target)}`;
  const cause = { cause: error };
  switch (error.code) {
    case "EADDRINUSE":
      return new ChappeError("FAILED_PRECONDITION", `${message}: another program does`, cause);
    case "EACCES":
      return new ChappeError("PERMISSION_DENIED", `${message}: this user may not`, cause);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ChappeError("INVALID_ARGUMENT", `${message}: it is no address of this machine`, cause);
    default:
      return new ChappeError("UNAVAILABLE", `${message}: ${error.message}`, cause);
  }
}
