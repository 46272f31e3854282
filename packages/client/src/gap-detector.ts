import { checkWhole } from "./check-option.ts";
import type { ReceivedMessage } from "./received-message.ts";

/** Batches of one producer of which no message has come, though later ones have. */
export interface Gap {
  readonly sender: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Id of the producer, hexadecimal. */
  readonly producerId: string;
  /** Sequence of the first missing batch, and of the last. */
  readonly first: number;
  readonly last: number;
  /** When the gap showed, milliseconds since 1970-01-01 UTC. */
  readonly sinceMs: number;
}

/** What a {@link GapDetector} works with. */
export interface GapDetectorOptions {
  /** Producers that are remembered; beyond that, those that were silent longest are forgotten. @default 10_000 */
  readonly maxProducers?: number;
  /** Gaps that are remembered of each producer; beyond that, the oldest are forgotten. @default 100 */
  readonly maxGaps?: number;
  /** The time, milliseconds since 1970-01-01 UTC. @default Date.now */
  readonly now?: () => number;
}

interface Seen {
  /** The highest sequence so far. */
  highest: number;
  /** Oldest first. */
  gaps: Gap[];
}

/**
 * Tells a receiver which batches of its senders have not come. Producers number their batches without a gap, so a number
 * that is passed over is one that was lost, or is late.
 *
 * Note every message, of one subscription, and judge a gap by its age: what a router held when it died comes after younger
 * messages, and fills its gap when it does. It takes all that a subscription gets: a consumer that shares it sees parts.
 * Gaps are also what retention, expiry, a purge or a sender that gave up has taken out. What was sent before the first
 * message seen of a producer, after its last one, or over Send and HTTP, which do not number, shows none.
 */
export class GapDetector {
  readonly #maxProducers: number;
  readonly #maxGaps: number;
  readonly #now: () => number;
  /** The producer that was silent longest first. */
  readonly #seen = new Map<string, Seen>();

  /** @throws ChappeError INVALID_ARGUMENT for an option that cannot be */
  constructor({ maxProducers = 10_000, maxGaps = 100, now = Date.now }: GapDetectorOptions = {}) {
    this.#maxProducers = checkWhole(maxProducers, "maxProducers", { min: 1, max: 1_000_000 });
    this.#maxGaps = checkWhole(maxGaps, "maxGaps", { min: 1, max: 10_000 });
    this.#now = now;
  }

  /** Notes a message that has come. Returns the gap that it shows, if it shows one. */
  note(message: Pick<ReceivedMessage, "sender" | "address" | "source">): Gap | undefined {
    const { sender, address, source } = message;
    if (source === undefined) return undefined;
    const { producerId, sequence } = source;
    const key = `${address} ${producerId}`;
    const seen = this.#seen.get(key);
    if (seen === undefined) {
      this.#begin(key, sequence);
      return undefined;
    }
    if (sequence === seen.highest) return undefined;
    if (sequence < seen.highest) {
      if (seen.gaps.length > 0) seen.gaps = seen.gaps.flatMap((gap) => without(gap, sequence));
      return undefined;
    }
    // Last in line.
    this.#seen.delete(key);
    this.#seen.set(key, seen);
    const first = seen.highest + 1;
    seen.highest = sequence;
    if (first === sequence) return undefined;
    const gap = { sender, address, producerId, first, last: sequence - 1, sinceMs: this.#now() };
    seen.gaps.push(gap);
    if (seen.gaps.length > this.#maxGaps) seen.gaps.shift();
    return gap;
  }

  /** Gaps that are still open and showed at least so long ago. @param minAgeMs milliseconds */
  open(minAgeMs = 0): Gap[] {
    const untilMs = this.#now() - minAgeMs;
    return [...this.#seen.values()].flatMap(({ gaps }) => gaps.filter(({ sinceMs }) => sinceMs <= untilMs));
  }

  #begin(key: string, sequence: number): void {
    this.#seen.set(key, { highest: sequence, gaps: [] });
    if (this.#seen.size <= this.#maxProducers) return;
    const [silent] = this.#seen.keys();
    if (silent !== undefined) this.#seen.delete(silent);
  }
}

/** What is left of a gap when one of its batches has come. */
function without(gap: Gap, sequence: number): Gap[] {
  if (sequence < gap.first || sequence > gap.last) return [gap];
  const parts = [
    { ...gap, last: sequence - 1 },
    { ...gap, first: sequence + 1 },
  ];
  return parts.filter(({ first, last }) => first <= last);
}
