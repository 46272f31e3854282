import type { Batch } from "./batch.ts";
import { messageIdAt } from "./message-id.ts";
import { readMessages } from "./read-messages.ts";

/**
 * The id of a batch's first message: its own, where its record names one that can be read, else the one that the batch
 * gives it.
 */
export function firstMessageId({ header, records }: Batch): string {
  try {
    const [first] = readMessages({ header, records, first: 0, count: header.count });
    if (first !== undefined) return first.id;
  } catch {
    // Who is handed the message will say what is wrong with it.
  }
  return messageIdAt(header.firstId, 0);
}
