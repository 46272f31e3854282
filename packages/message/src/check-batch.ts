import { parseAddress } from "./address.ts";
import type { Batch, BatchHeader } from "./batch.ts";
import { ChappeError } from "./chappe-error.ts";
import {
  MAX_BATCH_BYTES,
  MAX_BATCH_HEADER_BYTES,
  MAX_BATCH_MESSAGES,
  MAX_MESSAGE_BYTES,
  MAX_RECORD_OVERHEAD_BYTES,
} from "./limits.ts";
import { checkName } from "./name.ts";
import { checkOptionText } from "./option-text.ts";
import { recordEnd } from "./record-offsets.ts";

/** Limits that differ between installations. */
export interface CheckBatchOptions {
  /** Most bytes of one body. @default 1,048,576 */
  readonly maxMessageBytes?: number;
}

const ID_BYTES = 16;

/**
 * Checks all that can be said about a batch without reading a record: names, ids, limits, and that the records are as
 * many as the count says.
 *
 * @throws ChappeError INVALID_ARGUMENT that says what is wrong, where, and what is allowed
 */
export function checkBatch(batch: Batch, { maxMessageBytes = MAX_MESSAGE_BYTES }: CheckBatchOptions = {}): void {
  const { header, headerBytes, records } = batch;
  if (headerBytes.length > MAX_BATCH_HEADER_BYTES) {
    refuse(`batch header has ${headerBytes.length} bytes; at most ${MAX_BATCH_HEADER_BYTES} are allowed`);
  }
  checkHeader(header);
  if (header.count > 1 && records.length > MAX_BATCH_BYTES) {
    refuse(
      `records have ${records.length} bytes; at most ${MAX_BATCH_BYTES} are allowed in a batch of ${header.count} messages`,
    );
  }
  const maxRecordBytes = maxMessageBytes + MAX_RECORD_OVERHEAD_BYTES;
  let start = 0;
  for (let index = 0; index < header.count; index++) {
    const end = recordEnd(records, start, index, header.count);
    if (end - start > maxRecordBytes) {
      refuse(
        `records[${index}] has ${end - start} bytes; at most ${maxRecordBytes} are allowed ` +
          `(a body of ${maxMessageBytes}, and ${MAX_RECORD_OVERHEAD_BYTES} for the rest)`,
      );
    }
    start = end;
  }
  if (start !== records.length) {
    refuse(`records: ${records.length - start} bytes follow the ${header.count} records that the count says`);
  }
}

function checkHeader(header: BatchHeader): void {
  checkName(header.sender, "sender");
  parseAddress(header.address);
  checkProducer(header);
  if (header.count < 1 || header.count > MAX_BATCH_MESSAGES) {
    refuse(`count is ${header.count}; 1 to ${MAX_BATCH_MESSAGES} are allowed`);
  }
  if (header.firstId.length !== ID_BYTES) {
    refuse(`first_id has ${header.firstId.length} bytes; ${ID_BYTES} are needed`);
  }
  checkOptionText(header.contentType, "content_type");
  checkOptionText(header.type, "type");
  checkOptionText(header.orderingKey, "ordering_key");
  checkOptionText(header.deduplicationId, "deduplication_id");
  if (header.deduplicationId !== "" && header.count > 1) {
    refuse(`deduplication_id in a batch of ${header.count} messages; only 1 is allowed`);
  }
}

function checkProducer({ producerId, sequence }: BatchHeader): void {
  if (producerId.length !== 0 && producerId.length !== ID_BYTES) {
    refuse(`producer_id has ${producerId.length} bytes; ${ID_BYTES} or none are allowed`);
  }
  if (producerId.length === 0 && sequence !== 0) {
    refuse(`sequence is ${sequence} without a producer_id; then only 0 is allowed`);
  }
  if (producerId.length !== 0 && sequence === 0) {
    refuse("sequence is 0 with a producer_id; it counts from 1");
  }
}

function refuse(message: string): never {
  throw new ChappeError("INVALID_ARGUMENT", message);
}
