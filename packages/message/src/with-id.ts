import type { Batch } from "./batch.ts";
import { WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** Tags and lengths around an id and its record; at most. */
const FRAMING_BYTES = 16;

/**
 * The same batch of a single message, under another id. Its body is copied.
 *
 * @param id 1 to 200 bytes, as of a message
 * @throws ChappeError INVALID_ARGUMENT for records that are none
 */
export function withId({ header, headerBytes, records }: Batch, id: string): Batch {
  const reader = new WireReader(records, "records");
  reader.tag();
  const record = reader.bytes();
  const idField = new WireWriter(id.length + FRAMING_BYTES);
  idField.presentString(4, id);
  const writer = new WireWriter(records.length + id.length + 2 * FRAMING_BYTES);
  // Of an id that stands there twice, the last one counts.
  writer.presentBytes(1, Buffer.concat([record, idField.finish()]));
  return { header, headerBytes, records: writer.finish() };
}
