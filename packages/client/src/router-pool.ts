import type { RouterChannel } from "./transport.ts";

/** A router's channel, shared with others who hold a lease on it. */
export interface RouterLease {
  readonly channel: RouterChannel;
  /** The channel gave trouble: who leases this router next gets a new one. */
  discard(): void;
  /** The channel is not needed any more. The last one to say so closes it. */
  release(): void;
}

interface Shared {
  readonly channel: RouterChannel;
  users: number;
}

/**
 * Hands out routers in turn, so that the streams of a client spread over them. Streams to the same router share its
 * connection while it is good.
 */
export class RouterPool {
  readonly #routers: readonly string[];
  readonly #openChannel: (router: string) => RouterChannel;
  readonly #shared = new Map<string, Shared>();
  #next: number;

  /** @param random 0 ≤ random() < 1; where to begin, so that clients with the same list spread too */
  constructor(routers: readonly string[], openChannel: (router: string) => RouterChannel, random: () => number) {
    this.#routers = routers;
    this.#openChannel = openChannel;
    this.#next = Math.floor(random() * routers.length);
  }

  /** Leases the router whose turn it is, but not `avoid` where there is another. */
  lease(avoid?: string): RouterLease {
    let router = this.#turn();
    if (router === avoid && this.#routers.length > 1) router = this.#turn();
    const shared = this.#shared.get(router) ?? { channel: this.#openChannel(router), users: 0 };
    this.#shared.set(router, shared);
    shared.users++;
    let released = false;
    return {
      channel: shared.channel,
      discard: () => this.#forget(router, shared),
      release: () => {
        if (released) return;
        released = true;
        if (--shared.users > 0) return;
        this.#forget(router, shared);
        shared.channel.close();
      },
    };
  }

  #turn(): string {
    const router = this.#routers[this.#next] as string;
    this.#next = (this.#next + 1) % this.#routers.length;
    return router;
  }

  #forget(router: string, shared: Shared): void {
    if (this.#shared.get(router) === shared) this.#shared.delete(router);
  }
}
