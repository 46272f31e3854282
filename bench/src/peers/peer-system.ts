import { type Server, startEnds, type System } from "../end-to-end/system.ts";
import type { AskedProcess } from "../process/asked-process.ts";
import type { MeasuredRedis } from "../redis/measured-redis.ts";
import type { Durability } from "./peer.ts";
import type { RunningServer } from "./server/start-server.ts";

/** What runs between the two ends of a peer. */
export interface PeerMiddle {
  /** Module with its client. */
  readonly client: URL;
  readonly addresses: readonly string[];
  readonly servers: readonly Server[];
  /** Server programs of Node's, which have a meter. */
  readonly metered?: readonly AskedProcess[];
  readonly redis?: MeasuredRedis;
  readonly stop?: () => Promise<void>;
}

/**
 * Starts a peer whose ends are Node programs.
 *
 * @param startMiddle starts the rest, of which the stack it is given disposes
 */
export async function startPeerSystem(
  startMiddle: (stack: AsyncDisposableStack) => Promise<PeerMiddle>,
): Promise<System> {
  const stack = new AsyncDisposableStack();
  try {
    const { client, addresses, servers, metered = [], redis, stop } = await startMiddle(stack);
    const { senders, receivers } = startEnds(stack, { senders: 1, receiverPrograms: 1 });
    return {
      client: client.href,
      addresses,
      senders,
      receivers,
      servers,
      metered: [...senders, ...metered, ...receivers],
      redis,
      stopServers: async () => await stop?.(),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** A peer that is a server of its own, and nothing more. */
export function alone(client: URL, address: string, server: RunningServer): PeerMiddle {
  return { client, addresses: [address], servers: [server], stop: () => server.stop() };
}

/** Redis' setting for a durability. */
export function aofFor(durability: Durability): "everysec" | "always" {
  return durability === "fsync" ? "always" : "everysec";
}
