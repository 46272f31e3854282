import { asBuffer } from "./as-buffer.ts";
import type { BatchHeader } from "./batch.ts";
import { idPrefix, messageIdFrom } from "./message-id.ts";
import { recordOffsets } from "./record-offsets.ts";

/** Consecutive messages of a batch, as a delivery brings them. */
export interface MessageSource {
  readonly header: BatchHeader;
  /** A serialized `Records` of just `count` records. */
  readonly records: Uint8Array;
  /** Index of the first record within the batch it was sent in. */
  readonly first: number;
  readonly count: number;
}

/** What the messages of one delivery share: made once, so that each message is two fields. */
export class RecordBatch {
  readonly header: BatchHeader;
  readonly buffer: Buffer;
  readonly first: number;
  /** Where each record begins, and where the last one ends. */
  readonly offsets: Uint32Array;
  #idPrefix: string | undefined;

  /** @throws ChappeError INVALID_ARGUMENT when `records` does not hold just `count` records */
  constructor(source: MessageSource) {
    this.header = source.header;
    this.buffer = asBuffer(source.records);
    this.first = source.first;
    this.offsets = recordOffsets(this.buffer, source.count);
  }

  /** The id that the batch gives to its message at `index` of this delivery. */
  idAt(index: number): string {
    const { firstId } = this.header;
    this.#idPrefix ??= idPrefix(firstId);
    return messageIdFrom(this.#idPrefix, firstId, this.first + index);
  }
}
