import type { RedisClient } from "./redis-client.ts";

/** Which process a connection leads to: after a failover or a restart, the same address leads to another. */
export class ServerIdentity {
  readonly #connection: RedisClient;
  #runId: string | undefined;
  #connections = 0;

  constructor(connection: RedisClient) {
    this.#connection = connection;
  }

  /** Its run id; undefined while there is no connection. Known before anything sent after `learn` is answered. */
  get runId(): string | undefined {
    return this.#runId;
  }

  /** How often the connection was made. */
  get connections(): number {
    return this.#connections;
  }

  /** The connection is new: asks. */
  learn(): void {
    this.#connections++;
    this.#connection.call("INFO", "server").then(
      (info) => {
        this.#runId = /^run_id:(\w+)/m.exec(String(info))?.[1];
      },
      // The connection is gone again, or INFO is forbidden: then no durability can be proven.
      () => {},
    );
  }

  /** The connection is gone. */
  forget(): void {
    this.#runId = undefined;
  }
}
