/** Sequences beyond it are not kept: a damaged number must not ask for the machine's memory. */
const LIMIT = 2 ** 32;

/** Which sequences have been seen: a bit for each, so that a load of hours fits into memory. */
export class SequenceSet {
  #bits = new Uint8Array(1_024);

  /** Adds one. @returns whether it is new; undefined when it is beyond 4 billion, and not kept */
  add(sequence: number): boolean | undefined {
    if (sequence >= LIMIT) return undefined;
    const index = Math.floor(sequence / 8);
    if (index >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(index + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const bit = 1 << (sequence % 8);
    const byte = this.#bits[index] as number;
    this.#bits[index] = byte | bit;
    return (byte & bit) === 0;
  }

  /** How many of the first `count` sequences have not been seen. */
  missingOf(count: number): number {
    let missing = 0;
    for (let sequence = 0; sequence < count; sequence++) {
      const byte = this.#bits[Math.floor(sequence / 8)] ?? 0;
      if ((byte & (1 << (sequence % 8))) === 0) missing++;
    }
    return missing;
  }
}
