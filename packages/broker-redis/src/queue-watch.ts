import type { QueueLimits } from "@chappe/broker";

/** From this share of a limit on, Redis is asked with each batch whether the limit is reached. */
const WATCHED_SHARE = 0.9;

/** What a message may take in Redis besides its bytes, when it is alone in its batch. */
const OVERHEAD_BYTES = 512;

/** Queues that are remembered. One that is forgotten is asked for once more. */
const MAX_QUEUES = 10_000;

/** What was published to a queue, or put back into it, ever, up to which it cannot be near its limits. */
interface Ceiling {
  /** How many messages that were when this was found out. Fewer since then: the address has begun anew. */
  readonly since: number;
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Knows which receivers' queues may be near their limits. What was published, or put back by an operator, comes with each
 * answer of an append, whoever did it; what was settled meanwhile only makes room. So how full a queue is has to be asked
 * for no more often than once for most of a limit published, or while it is nearly full.
 */
export class QueueWatch {
  readonly limits: QueueLimits;
  readonly #fresh: Ceiling;
  readonly #ceilings = new Map<string, Ceiling>();
  /** Queues beyond their ceilings. */
  readonly #suspects = new Set<string>();

  constructor(limits: QueueLimits) {
    this.limits = limits;
    this.#fresh = this.#ceilingOf(0, 0, 0, 0);
  }

  /** Whether the next batch may find the queue full. */
  mayBeFull(address: string): boolean {
    return this.#suspects.size > 0 && this.#suspects.has(address);
  }

  /**
   * Notes what an append's answer said: messages and bytes published to the queue or put back so far, and, where it was asked
   * for, messages and bytes in the queue, with spaces between them.
   */
  note(address: string, counted: string): void {
    // Nearly always there are two numbers, and this is done for every batch.
    const at = counted.indexOf(" ");
    const published = Number.parseInt(counted, 10);
    const publishedBytes = Number.parseInt(counted.slice(at + 1), 10);
    const further = counted.indexOf(" ", at + 1);
    const [depth, takenBytes] =
      further === -1
        ? []
        : counted
            .slice(further + 1)
            .split(" ")
            .map(Number);
    let ceiling = this.#ceilings.get(address) ?? this.#fresh;
    if (published < ceiling.since) {
      this.#ceilings.delete(address);
      ceiling = this.#fresh;
    }
    if (depth !== undefined && takenBytes !== undefined) {
      ceiling = this.#ceilingOf(published, publishedBytes, depth, takenBytes);
      this.#remember(address, ceiling);
    }
    const isBeyond = published >= ceiling.messages || publishedBytes + published * OVERHEAD_BYTES >= ceiling.bytes;
    if (isBeyond) this.#suspects.add(address);
    else if (this.#suspects.size > 0) this.#suspects.delete(address);
  }

  #ceilingOf(published: number, publishedBytes: number, depth: number, takenBytes: number): Ceiling {
    const { maxMessages, maxBytes } = this.limits;
    return {
      since: published,
      messages: maxMessages === 0 ? Number.POSITIVE_INFINITY : published + maxMessages * WATCHED_SHARE - depth,
      bytes:
        maxBytes === 0
          ? Number.POSITIVE_INFINITY
          : publishedBytes + published * OVERHEAD_BYTES + maxBytes * WATCHED_SHARE - takenBytes,
    };
  }

  #remember(address: string, ceiling: Ceiling): void {
    this.#ceilings.delete(address);
    this.#ceilings.set(address, ceiling);
    if (this.#ceilings.size <= MAX_QUEUES) return;
    const [oldest = address] = this.#ceilings.keys();
    this.#ceilings.delete(oldest);
    this.#suspects.delete(oldest);
  }
}
