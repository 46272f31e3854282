import { BatchBuilder, deliverAtMsOf, type Durability, messageIdAt, type MessageInput } from "@chappe/message";
import type { Broker, Receipt } from "./broker.ts";

/** Where a single message comes from, where it goes, and within what limits. */
export interface PublishMessageOptions {
  readonly sender: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** @default "accepted" */
  readonly durability?: Durability | undefined;
  /** Most bytes of the body. @default 1,048,576 */
  readonly maxMessageBytes?: number;
}

/** What became of a single message. */
export interface PublishedMessage {
  /** Of the message that is stored: an earlier one's, if it was stored under the same deduplication id. */
  readonly id: string;
  readonly receipt: Receipt;
}

const NO_PRODUCER = new Uint8Array(0);

/** Room for what a message says besides its body. */
const TYPICAL_OPTIONS_BYTES = 128;

/**
 * Publishes one message as a batch of its own, without a producer: who repeats it after a lost answer stores it
 * twice, unless it has a deduplication id.
 *
 * @throws ChappeError INVALID_ARGUMENT for what {@link MessageInput} does not allow, and what {@link Broker.publish} throws
 */
export async function publishMessage(
  broker: Broker,
  message: MessageInput,
  { sender, address, durability = "accepted", maxMessageBytes }: PublishMessageOptions,
): Promise<PublishedMessage> {
  const { body, orderingKey, ttlMs, deduplicationId } = message;
  const deliverAtMs = deliverAtMsOf(message.deliverAt);
  const builder = new BatchBuilder(
    { sender, address, orderingKey, ttlMs, deliverAtMs, deduplicationId },
    {
      expectedBytes: (body instanceof Uint8Array ? body.length : 0) + TYPICAL_OPTIONS_BYTES,
      ...(maxMessageBytes !== undefined && { maxMessageBytes }),
    },
  );
  builder.add(message, Date.now());
  const batch = builder.finish(NO_PRODUCER, 0);
  const receipt = await broker.publish(batch, { durability });
  return { id: receipt.originalId ?? message.id ?? messageIdAt(batch.header.firstId, 0), receipt };
}
