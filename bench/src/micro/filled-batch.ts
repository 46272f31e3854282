import { type Batch, BatchBuilder } from "@chappe/message";

/** Most messages of a batch in the benches: what a busy sender's batches grow to, with bodies of 100 bytes. */
const MESSAGES = 500;
const NO_PRODUCER = new Uint8Array(0);

/** Fills a batch, as far as it goes, with bodies of one length. */
export function filledBatch(body: Uint8Array, address = "receiver:bench", messages = MESSAGES): Batch {
  return filledBuilder(body, address, messages).finish(NO_PRODUCER, 0);
}

/** The same, still to be finished. */
function filledBuilder(body: Uint8Array, address = "receiver:bench", messages = MESSAGES): BatchBuilder {
  const builder = new BatchBuilder({ sender: "bench", address });
  const nowMs = Date.now();
  for (let added = 0; added < messages && builder.add({ body }, nowMs) >= 0; added++);
  return builder;
}
