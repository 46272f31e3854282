import { publishMessage } from "@chappe/broker";
import {
  ChappeError,
  durabilityNumbers,
  durabilityOf,
  type MessageInput,
  receiverAddress,
  topicAddress,
} from "@chappe/message";
import type { SendRequest__Output, SendResponse } from "@chappe/proto";
import type { SessionContext } from "./session.ts";

/** By their numbers. */
const LEVELS = ["DURABILITY_UNSPECIFIED", "ACCEPTED", "REPLICATED", "FSYNCED"] as const;

/**
 * Answers one Send: the message becomes a batch of its own, without a producer, so a client that repeats it after a lost
 * answer stores it twice.
 *
 * @throws ChappeError INVALID_ARGUMENT, and what {@link Broker.publish} throws
 */
export async function answerSend(
  request: SendRequest__Output,
  { broker, options }: SessionContext,
): Promise<SendResponse> {
  const level = LEVELS.indexOf(request.durability);
  if (level < 0) {
    throw new ChappeError("INVALID_ARGUMENT", `durability ${request.durability} is not known here`);
  }
  const durability = durabilityOf(level, request.replicas);
  const { id, receipt } = await publishMessage(broker, messageOf(request), {
    sender: request.sender,
    address: destinationOf(request),
    durability,
    maxMessageBytes: options.maxMessageBytes,
  });
  const { durability: reached, originalId = "", ...rest } = receipt;
  const { level: reachedLevel, replicas } = durabilityNumbers(reached);
  const name = LEVELS[reachedLevel] ?? "DURABILITY_UNSPECIFIED";
  return { id, receipt: { ...rest, originalId, durability: name, replicas } };
}

/** Where a call is to go. @throws ChappeError INVALID_ARGUMENT when it says neither, or a name outside the grammar */
export function destinationOf({
  destination,
  to = "",
  topic = "",
}: Pick<SendRequest__Output, "destination" | "to" | "topic">): string {
  if (destination === undefined) throw new ChappeError("INVALID_ARGUMENT", "neither to nor topic is set: one must be");
  return destination === "to" ? receiverAddress(to) : topicAddress(topic);
}

/** The message. In the request, empty means not given. */
function messageOf(request: SendRequest__Output): MessageInput {
  const { attributes } = request;
  return {
    body: request.body,
    contentType: request.contentType || undefined,
    type: request.type || undefined,
    id: request.id || undefined,
    correlationId: request.correlationId || undefined,
    replyTo: request.replyTo || undefined,
    traceparent: request.traceparent || undefined,
    attributes: Object.keys(attributes).length === 0 ? undefined : attributes,
    orderingKey: request.orderingKey,
    ttlMs: request.ttlMs,
    deliverAt: request.deliverAtUnixMs,
    deduplicationId: request.deduplicationId || undefined,
  };
}
