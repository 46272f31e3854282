import { connect, createServer, type NetConnectOpts, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/**
 * What a link does to what is sent over it.
 *
 * - `lagMs`: each chunk arrives so much later
 * - `bytesPerSecond`: each connection carries no more in each direction
 * - `refuses`: new connections are reset
 * - `isDeaf`: bytes vanish and nobody is told. A connection that was there meanwhile stays so for ever, as when something
 *   on the way has forgotten it: both ends must find out by themselves
 * - `hidesAnswers`: the target hears everything, and what it says vanishes
 */
export interface LinkState {
  readonly lagMs: number;
  readonly bytesPerSecond: number;
  readonly refuses: boolean;
  readonly isDeaf: boolean;
  readonly hidesAnswers: boolean;
}

/** What a link has done since it was started. */
export interface LinkToll {
  /** Connections that it carried. */
  readonly carried: number;
  /** Connections that it broke. */
  readonly cut: number;
  /** Connections that it reset at once. */
  readonly refused: number;
  readonly lostBytes: number;
  /** For how long it held chunks back, or is to hold those that it has, all of them together. */
  readonly heldBackMs: number;
}

const SOUND: LinkState = {
  lagMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  refuses: false,
  isDeaf: false,
  hidesAnswers: false,
};

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  isDeaf: boolean;
}

/** A TCP proxy on 127.0.0.1 that can be harmed. */
export class Link implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: NetConnectOpts;
  readonly #pairs = new Set<Pair>();
  readonly #toll = { carried: 0, cut: 0, refused: 0, lostBytes: 0, heldBackMs: 0 };
  #state = SOUND;

  private constructor(server: Server, target: NetConnectOpts) {
    this.#server = server;
    this.#target = target;
    server.on("connection", (near) => this.#join(near));
  }

  /** Starts one, on a free port. @param target what it leads to */
  static async start(target: NetConnectOpts): Promise<Link> {
    const server = createServer({ noDelay: true });
    const link = new Link(server, target);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that it carries now. */
  get open(): number {
    return [...this.#pairs].filter(({ near, far }) => !near.destroyed && !far.destroyed).length;
  }

  /** What it has done until now. */
  get toll(): LinkToll {
    return { ...this.#toll };
  }

  /** From now on. What is not named is sound. */
  harm(state: Partial<LinkState>): void {
    this.#state = { ...SOUND, ...state };
    if (this.#state.isDeaf) for (const pair of this.#pairs) pair.isDeaf = true;
  }

  heal(): void {
    this.#state = SOUND;
  }

  /** Breaks all connections: both ends get a reset, or the end of the stream. */
  cut(how: "reset" | "end"): void {
    this.#toll.cut += this.open;
    for (const { near, far } of this.#pairs) {
      for (const socket of [near, far]) {
        if (how === "end") socket.destroySoon();
        // What has said goodbye cannot be reset any more: its handle would stay open.
        else if (socket.writableEnded) socket.destroy();
        else socket.resetAndDestroy();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut("reset");
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#state.refuses) {
      this.#toll.refused++;
      near.resetAndDestroy();
      return;
    }
    const pair: Pair = { near, far: connect({ ...this.#target, noDelay: true }), isDeaf: this.#state.isDeaf };
    this.#pairs.add(pair);
    this.#toll.carried++;
    void this.#carry(pair, near, pair.far);
    void this.#carry(pair, pair.far, near);
  }

  async #carry(pair: Pair, from: Socket, to: Socket): Promise<void> {
    from.on("error", () => {});
    from.on("close", () => {
      // Who has gone cannot tell the other end through a deaf link.
      if (!pair.isDeaf) to.destroySoon();
      if (pair.near.destroyed && pair.far.destroyed) this.#pairs.delete(pair);
    });
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        const { lagMs, bytesPerSecond, hidesAnswers } = this.#state;
        const takesMs = lagMs + (chunk.length / bytesPerSecond) * 1_000;
        if (takesMs > 0) await this.#holdBack(takesMs);
        const vanishes = pair.isDeaf || (hidesAnswers && from === pair.far);
        if (vanishes) this.#toll.lostBytes += chunk.length;
        if (vanishes || to.destroyed) continue;
        if (!to.write(chunk)) await new Promise((resolve) => to.once("drain", resolve).once("close", resolve));
      }
    } catch {
      // The connection broke, which closes the other.
    }
  }

  async #holdBack(forMs: number): Promise<void> {
    this.#toll.heldBackMs += forMs;
    await delay(forMs, undefined, { ref: false });
  }
}
