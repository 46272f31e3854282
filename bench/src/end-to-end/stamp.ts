/** Bytes of a stamp: the smallest body that can be followed through the system. */
export const STAMP_BYTES = 16;

/** What the start of every body says. */
export interface Stamp {
  /** Number of the sender program. */
  readonly sender: number;
  /** Counts up from 0, for each sender and address. */
  readonly sequence: number;
  /** When it was meant to be sent, by {@link monotonicMicros}. */
  readonly intendedMicros: number;
}

/** Writes a stamp over the first 16 bytes of a body. */
export function writeStamp(body: Buffer, sender: number, sequence: number, intendedMicros: number): void {
  body.writeUInt32LE(sender, 0);
  body.writeUInt32LE(sequence, 4);
  body.writeDoubleLE(intendedMicros, 8);
}

/** Reads the stamp of a body. @throws RangeError when it is shorter than a stamp */
export function readStamp(body: Uint8Array): Stamp {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return {
    sender: view.getUint32(0, true),
    sequence: view.getUint32(4, true),
    intendedMicros: view.getFloat64(8, true),
  };
}
