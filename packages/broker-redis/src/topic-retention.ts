import type { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";

/** What is kept, and for how long. */
export interface RetentionLimits {
  /** How long entries of a topic stay, milliseconds. */
  readonly topicMs: number;
  /** How many bytes of records a topic keeps; 0: no limit. */
  readonly topicBytes: number;
  /** How long dead letters stay, milliseconds. */
  readonly deadLetterMs: number;
  /** How many dead letters a subscription keeps. */
  readonly deadLetters: number;
}

/** A topic is looked at after this share of its time, or of its bytes, so that it keeps hardly more than it should. */
const TIME_SHARE = 1 / 100;
const BYTES_SHARE = 1 / 64;
const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 60_000;

/** One script call holds up Redis for all it looks at: about a millisecond. */
const MAX_SCRIPT_BYTES = 1_048_576;

/** Topics that are remembered. One that is forgotten is looked at once more. */
const MAX_TOPICS = 10_000;

interface Topic {
  /** Its subscriptions, when it was last looked at. */
  names: readonly string[];
  bytesSince: number;
  trimmedAtMs: number;
  isBusy: boolean;
}

/** Keeps topics within their age and bytes, now and then: beside what is published and read, not on its way. */
export class TopicRetention {
  readonly #scripts: Scripts;
  readonly #keys: Keys;
  readonly #limits: RetentionLimits;
  readonly #intervalMs: number;
  readonly #topics = new Map<string, Topic>();

  constructor(scripts: Scripts, keys: Keys, limits: RetentionLimits) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#limits = limits;
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, limits.topicMs * TIME_SHARE));
  }

  /** Looks at a topic when it is time. `bytes` of records were added to it just now. */
  note(address: string, bytes: number): void {
    const topic = this.#of(address);
    topic.bytesSince += bytes;
    const { topicBytes } = this.#limits;
    const isOver = topicBytes > 0 && topic.bytesSince >= topicBytes * BYTES_SHARE;
    const nowMs = performance.now();
    if (topic.isBusy || (!isOver && nowMs - topic.trimmedAtMs < this.#intervalMs)) return;
    topic.bytesSince = 0;
    topic.trimmedAtMs = nowMs;
    void this.#trim(address, topic);
  }

  #of(address: string): Topic {
    let topic = this.#topics.get(address);
    if (topic === undefined) {
      topic = { names: [], bytesSince: 0, trimmedAtMs: Number.NEGATIVE_INFINITY, isBusy: false };
      this.#topics.set(address, topic);
      const [oldest = address] = this.#topics.keys();
      if (this.#topics.size > MAX_TOPICS) this.#topics.delete(oldest);
    }
    return topic;
  }

  async #trim(address: string, topic: Topic): Promise<void> {
    topic.isBusy = true;
    try {
      for (let isMore = true; isMore; ) isMore = await this.#trimSome(address, topic);
    } catch {
      // It is tried again the next time.
    } finally {
      topic.isBusy = false;
    }
  }

  /** Returns whether there may be more to drop. */
  async #trimSome(address: string, topic: Topic): Promise<boolean> {
    const { topicMs, topicBytes, deadLetterMs } = this.#limits;
    const { stream, meta, marks } = this.#keys.address(address);
    const keys = [stream, meta, marks];
    for (const subscription of topic.names) {
      const place = this.#keys.subscription({ address, subscription });
      keys.push(place.subscription, place.progress, place.waiting, place.retries, place.dead, place.handed);
    }
    const args = [topicMs, topicBytes, deadLetterMs, MAX_SCRIPT_BYTES, ...topic.names];
    const answer = await this.#scripts.run("trim", keys, args);
    if (!Array.isArray(answer)) return String(answer) === "1";
    topic.names = answer.map(String);
    return true;
  }
}
