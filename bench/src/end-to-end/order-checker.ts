/** What became of the messages of one sender on one way, or of several ways added up. */
export interface Verdict {
  readonly received: number;
  /** Sent, and never received. */
  readonly lost: number;
  /** Received again. */
  readonly duplicates: number;
  /** Received after a later one. */
  readonly outOfOrder: number;
}

/**
 * Holds what arrives on one way (one sender, one address, one subscription) to what a promise of order means: each
 * sequence once, ascending, none left out.
 */
export class OrderChecker {
  #next = 0;
  #received = 0;
  #duplicates = 0;
  #outOfOrder = 0;
  /** Passed over so far: lost, unless they come late. */
  readonly #missing = new Set<number>();

  /** Notes that a sequence was received. */
  note(sequence: number): void {
    this.#received++;
    if (sequence === this.#next) {
      this.#next++;
    } else if (sequence > this.#next) {
      for (let missing = this.#next; missing < sequence; missing++) this.#missing.add(missing);
      this.#next = sequence + 1;
    } else if (this.#missing.delete(sequence)) {
      this.#outOfOrder++;
    } else {
      this.#duplicates++;
    }
  }

  /** @param sent how many were sent: sequences 0 to `sent` - 1 */
  verdict(sent: number): Verdict {
    return {
      received: this.#received,
      lost: this.#missing.size + Math.max(0, sent - this.#next),
      duplicates: this.#duplicates,
      outOfOrder: this.#outOfOrder,
    };
  }
}

/** Adds verdicts up. */
export function sumVerdicts(verdicts: Iterable<Verdict>): Verdict {
  const sum = { received: 0, lost: 0, duplicates: 0, outOfOrder: 0 };
  for (const verdict of verdicts) {
    sum.received += verdict.received;
    sum.lost += verdict.lost;
    sum.duplicates += verdict.duplicates;
    sum.outOfOrder += verdict.outOfOrder;
  }
  return sum;
}

/** What is wrong, in words; undefined when all is well. */
export function violation({ lost, duplicates, outOfOrder }: Verdict): string | undefined {
  const wrong = [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(duplicates > 0 ? [`${duplicates} duplicated`] : []),
    ...(outOfOrder > 0 ? [`${outOfOrder} out of order`] : []),
  ];
  return wrong.length === 0 ? undefined : wrong.join(", ");
}

/** @throws Error when a message was lost, duplicated or out of order */
export function requireUnharmed(verdict: Verdict): void {
  const wrong = violation(verdict);
  if (wrong !== undefined) throw new Error(`${wrong}, of ${verdict.received} messages received`);
}
