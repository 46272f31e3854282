/** What a stream's entry, a waiting retry and a dead letter have in common. */
export interface StoredEntry {
  readonly headerBytes: Uint8Array;
  readonly records: Uint8Array;
  /** Number of records. */
  readonly count: number;
  /** Index of the first record within the batch as it was published. */
  readonly first: number;
  /** For entries: 1 + failures counted. For dead letters: how often it was handed out. Up to `MAX_ATTEMPTS`. */
  readonly attempt: number;
  /** How many consumers have crashed with it in their hands. */
  readonly crashes: number;
  /** Whether an operator put it back from the dead letters: then it does not expire any more. */
  readonly redriven: boolean;
}

/**
 * Length of what precedes the header: count and first, 4 bytes each, crashes and attempt, 2 bytes each, and the header's
 * length, 4 bytes; big-endian. The highest bit of the crashes says that it was redriven.
 */
const PREFIX_BYTES = 16;

const REDRIVEN = 0x8000;

/** More than anybody asks for. */
const MOST_CRASHES = 0x7fff;

/**
 * Puts an entry into the form in which Redis keeps it, from its append to its dead letter: one value that scripts move
 * about and never look into. The pieces are to be joined; header and records are not copied.
 */
export function packEntry(entry: StoredEntry): readonly Uint8Array[] {
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt32BE(entry.count, 0);
  prefix.writeUInt32BE(entry.first, 4);
  prefix.writeUInt16BE(Math.min(entry.crashes, MOST_CRASHES) | (entry.redriven ? REDRIVEN : 0), 8);
  prefix.writeUInt16BE(entry.attempt, 10);
  prefix.writeUInt32BE(entry.headerBytes.length, 12);
  return [prefix, entry.headerBytes, entry.records];
}

/** Reads what {@link packEntry} wrote. Header and records are views. Undefined for what it did not write, or not whole. */
export function unpackEntry(value: Buffer): StoredEntry | undefined {
  if (value.length < PREFIX_BYTES) return undefined;
  const headerEnd = PREFIX_BYTES + value.readUInt32BE(12);
  if (headerEnd > value.length) return undefined;
  return {
    count: value.readUInt32BE(0),
    first: value.readUInt32BE(4),
    crashes: value.readUInt16BE(8) & MOST_CRASHES,
    redriven: (value.readUInt16BE(8) & REDRIVEN) !== 0,
    attempt: value.readUInt16BE(10),
    headerBytes: value.subarray(PREFIX_BYTES, headerEnd),
    records: value.subarray(headerEnd),
  };
}
