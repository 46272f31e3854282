import type { Ending, HandOver } from "./invariants.ts";
import { KeyWatch } from "./key-watch.ts";
import type { Reader, Received } from "./reader.ts";
import { STAGE_RETRY_POLICY } from "./stage.ts";

/** What became of every message of one subscription, over all its consumers. */
export class Ledger {
  /** In the order in which they happened. */
  readonly handOvers: HandOver[] = [];
  /** Where messages have ordering keys. */
  readonly keys = new KeyWatch();
  readonly #byMessage = new Map<Received, HandOver>();

  note(message: Received, reader?: Reader): void {
    if (reader !== undefined) this.keys.note(message, reader);
    const { text, attempt, redelivered } = message;
    const handOver: HandOver = { text, attempt, redelivered, ending: "open" };
    this.handOvers.push(handOver);
    this.#byMessage.set(message, handOver);
  }

  end(messages: Iterable<Received>, ending: Ending): void {
    this.keys.end(messages, ending, STAGE_RETRY_POLICY.maxAttempts);
    for (const message of messages) {
      const handOver = this.#byMessage.get(message);
      if (handOver !== undefined) handOver.ending = ending;
    }
  }

  /** Bodies of all messages handed over. */
  get texts(): string[] {
    return this.handOvers.map(({ text }) => text);
  }

  /** Those of `published` that nobody acked, rejected, or failed for the last time: they should still be somewhere. */
  unfinished(published: Iterable<string>, maxAttempts: number): string[] {
    const finished = new Set<string>();
    for (const { text, ending, attempt } of this.handOvers) {
      const gaveUp = (ending === "fail" || ending === "crash") && attempt >= maxAttempts;
      if (ending === "ack" || ending === "reject" || gaveUp) finished.add(text);
    }
    return [...published].filter((text) => !finished.has(text));
  }
}
