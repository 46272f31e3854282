import { ChappeError, type MessageInput } from "@chappe/message";
import type { Producer } from "./producer.ts";
import type { Publisher } from "./publisher.ts";
import { SendReceipt, type StoredBatch } from "./send-receipt.ts";

interface Failure {
  readonly index: number;
  readonly error: ChappeError;
}

/**
 * Sends many messages for the price of one promise per batch. Resolves with their receipts, in the same order.
 *
 * @throws ChappeError about the first message that failed, as soon as it is known what became of all; the others are sent
 */
export async function sendAll<Input extends MessageInput>(
  publisher: Publisher,
  producerOf: (message: Input) => Producer,
  messages: Iterable<Input>,
): Promise<SendReceipt[]> {
  const settled: (Promise<StoredBatch> | undefined)[] = [];
  const indexes: number[] = [];
  const failures: Failure[] = [];
  for (const message of messages) {
    try {
      const sent = publisher.sendOneOfMany(producerOf(message), message);
      const place = sent instanceof Promise ? await sent : sent;
      indexes.push(place.index);
      settled.push(place.settled);
    } catch (error) {
      failures.push({ index: settled.length, error: ChappeError.from(error) });
      indexes.push(-1);
      settled.push(undefined);
    }
  }

  const receipts: SendReceipt[] = [];
  let stored: StoredBatch | ChappeError | undefined;
  for (let index = 0; index < settled.length; index++) {
    const batch = settled[index];
    if (batch === undefined) continue;
    // Neighbours are nearly always in the same batch: one `await` for all of them.
    if (index === 0 || batch !== settled[index - 1])
      stored = await batch.catch((error: unknown) => ChappeError.from(error));
    if (stored instanceof ChappeError) failures.push({ index, error: stored });
    else if (stored !== undefined) receipts.push(new SendReceipt(stored, indexes[index] as number));
  }
  if (failures.length > 0) throw summary(failures, settled.length);
  return receipts;
}

function summary(failures: readonly Failure[], total: number): ChappeError {
  const first = failures.reduce((a, b) => (b.index < a.index ? b : a));
  const { code, message, retryable } = first.error;
  const text = `${failures.length} of ${total} messages failed; messages[${first.index}]: ${message}`;
  return new ChappeError(code, text, { cause: first.error, retryable });
}
