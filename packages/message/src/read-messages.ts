import { Message } from "./message.ts";
import { type MessageSource, RecordBatch } from "./record-batch.ts";

/**
 * The messages of a delivery, in order, as views on its bytes.
 *
 * @throws ChappeError INVALID_ARGUMENT when the records are not as many as the count says, or are cut
 */
export function readMessages(source: MessageSource): Message[] {
  const batch = new RecordBatch(source);
  const messages = new Array<Message>(source.count);
  for (let index = 0; index < messages.length; index++) messages[index] = new Message(batch, index);
  return messages;
}
