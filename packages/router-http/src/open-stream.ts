import type { Socket } from "node:net";
import { ChappeError } from "@chappe/message";
import type { FastifyReply } from "fastify";
import type { HttpContext } from "./http-context.ts";
import type { ReadingPlace } from "./reading-place.ts";
import type { ReceiveQuery } from "./receive-query.ts";
import { ReceiveStream } from "./receive-stream.ts";

/**
 * Joins a subscription and makes the answer a stream of its messages. Whatever is wrong is said before, by the status.
 *
 * @throws ChappeError what {@link Broker.subscribe} throws; UNAVAILABLE when the router began to stop meanwhile
 */
export async function openStream(
  reply: FastifyReply,
  { address, subscription: subscriptionName }: ReadingPlace,
  { consumer, credit, leaseMs, startFrom, singleActive }: ReceiveQuery,
  context: HttpContext,
): Promise<void> {
  const { broker, streams } = context;
  const subscription = await broker.subscribe({
    address,
    subscription: subscriptionName,
    consumer,
    singleActive,
    ...(startFrom !== undefined && { startFrom }),
  });
  if (streams.isLeaving || reply.raw.closed) {
    await subscription.close();
    throw new ChappeError("UNAVAILABLE", "this router is about to stop: subscribe through another");
  }
  reply.hijack();
  const name = { peer: peerOf(reply.request.socket), address, subscription: subscriptionName, consumer };
  const id = streams.newId();
  streams.add(new ReceiveStream(reply.raw, subscription, { id, name, credit, leaseMs }, context));
}

/** Over a unix socket all clients are on this machine, and have no address. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? "unix" : `${remoteAddress}:${remotePort}`;
}
