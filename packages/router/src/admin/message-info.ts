import { decodeBatchHeader, type Message, readMessages } from "@chappe/message";
import type { MessageInfo } from "@chappe/proto";

/** Messages as a store keeps them. */
interface StoredMessages {
  readonly headerBytes: Uint8Array;
  readonly records: Uint8Array;
  readonly count: number;
  readonly first: number;
}

/**
 * What stored messages say of themselves. Of those that cannot be read, which is why some are stuck, it is said how long
 * their records are.
 *
 * @param maxBodyBytes how much of each body to show
 */
export function messageInfos(stored: StoredMessages, maxBodyBytes: number): MessageInfo[] {
  try {
    const { records, count, first } = stored;
    const messages = readMessages({ header: decodeBatchHeader(stored.headerBytes), records, count, first });
    return messages.map((message) => messageInfo(message, maxBodyBytes));
  } catch {
    return [{ bodyBytes: stored.records.length, body: Buffer.from(stored.records.subarray(0, maxBodyBytes)) }];
  }
}

function messageInfo(message: Message, maxBodyBytes: number): MessageInfo {
  const { body } = message;
  return {
    id: message.id,
    type: message.type,
    sender: message.sender,
    contentType: message.contentType,
    timeUnixMs: message.timeMs,
    correlationId: message.correlationId,
    replyTo: message.replyTo,
    traceparent: message.traceparent,
    orderingKey: message.orderingKey,
    ttlMs: message.ttlMs,
    attributes: message.attributes,
    bodyBytes: body.length,
    body: Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, maxBodyBytes)),
  };
}
