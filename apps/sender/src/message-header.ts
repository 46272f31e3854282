import { BatchBuilder, ChappeError, type MessageInput } from "@chappe/message";
import type { SenderOptions } from "./options.ts";

/** What every message of a run has in common. Absent fields stay absent, so that each body keeps its content type. */
export function messageHeader(options: SenderOptions): Omit<MessageInput, "body"> {
  const { type, contentType, correlationId, replyTo, orderingKey, ttlMs, deliverAt, deduplicationId, attributes } =
    options;
  return {
    ...(type !== undefined && { type }),
    ...(contentType !== undefined && { contentType }),
    ...(correlationId !== undefined && { correlationId }),
    ...(replyTo !== undefined && { replyTo }),
    ...(orderingKey !== undefined && { orderingKey }),
    ...(ttlMs !== undefined && { ttlMs }),
    ...(deliverAt !== undefined && { deliverAt }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/** What no message could be sent with, known before any is: a type that is too long, too many attributes. */
export function headerProblem(options: SenderOptions): string | undefined {
  const { from, address, orderingKey, ttlMs, deliverAt: deliverAtMs, deduplicationId } = options;
  try {
    const batch = new BatchBuilder({ sender: from, address, orderingKey, ttlMs, deliverAtMs, deduplicationId });
    batch.add({ ...messageHeader(options), body: "" }, Date.now());
    return undefined;
  } catch (error) {
    return ChappeError.from(error).message;
  }
}
