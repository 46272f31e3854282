/** What one kept part costs besides its bytes: its objects, and its places in queues and maps. */
const OVERHEAD_BYTES = 256;

/** There is no batch before it, or none that matters. */
export const FOLLOWS_NONE = -1;

/** Messages as the memory store keeps them: a batch as it was published, or what left one to be tried again. */
export interface StoredPart {
  readonly headerBytes: Uint8Array;
  readonly records: Uint8Array;
  readonly count: number;
  /** Index of the first record within the batch as it was published. */
  readonly first: number;
  /**
   * With an ordering key: position of the batch before it with the same key, or {@link FOLLOWS_NONE}. Undefined without.
   */
  readonly follows: number | undefined;
  /** What it costs the budget. */
  readonly bytes: number;
  /** How many queues, histories and subscriptions still need it. The budget has it back at 0. */
  holders: number;
}

/** What {@link MemoryBudget.keep} takes. */
export type PartToStore = Pick<StoredPart, "headerBytes" | "records" | "count" | "first"> & {
  readonly follows?: number | undefined;
};

/** What keeping `part` would cost. */
export function costOf(part: Pick<StoredPart, "headerBytes" | "records">): number {
  return part.headerBytes.length + part.records.length + OVERHEAD_BYTES;
}

/** Counts the bytes of everything kept, each part once however many subscriptions share it. */
export class MemoryBudget {
  readonly maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether `bytes` more stay within the limit. */
  hasRoomFor(bytes: number): boolean {
    return this.#usedBytes + bytes <= this.maxBytes;
  }

  /**
   * Keeps a part, for one holder. Goes beyond the limit rather than fail: what must replace a settled message may not
   * get lost for want of room.
   */
  keep({ headerBytes, records, count, first, follows }: PartToStore): StoredPart {
    const bytes = costOf({ headerBytes, records });
    this.#usedBytes += bytes;
    return { headerBytes: own(headerBytes), records: own(records), count, first, follows, bytes, holders: 1 };
  }

  /** One more needs the part. */
  share(part: StoredPart): StoredPart {
    part.holders++;
    return part;
  }

  /** One less needs the part. */
  release(part: StoredPart): void {
    part.holders--;
    if (part.holders === 0) this.#usedBytes -= part.bytes;
  }

  /** Forgets everything that was kept. */
  clear(): void {
    this.#usedBytes = 0;
  }
}

/** A small view would keep alive the whole network frame it was cut from, which the budget knows nothing of. */
function own(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > 2 * bytes.length + 1024 ? new Uint8Array(bytes) : bytes;
}
