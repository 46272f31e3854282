import type { Ending } from "./invariants.ts";
import type { Reader, Received } from "./reader.ts";

/** How the last hand-over of a message stands. */
interface Stand {
  readonly message: Received;
  readonly reader: Reader;
  isFinal: boolean;
}

/**
 * Watches the hand-overs of one subscription for messages that overtake others of their ordering key. Texts are the key, a
 * slash, and a number that counts up within the key.
 */
export class KeyWatch {
  /** Texts of messages that were handed over while an earlier one of their key was neither settled nor ahead of them in the same delivery. */
  readonly overtakers: string[] = [];
  readonly #keys = new Map<string, Map<number, Stand>>();

  note(message: Received, reader: Reader): void {
    const { key, number } = placeOf(message);
    let stands = this.#keys.get(key);
    if (stands === undefined) this.#keys.set(key, (stands = new Map()));
    for (const [earlier, stand] of stands) {
      const ahead = stand.reader === reader && stand.message.delivery === message.delivery;
      if (earlier < number && !stand.isFinal && !ahead) this.overtakers.push(message.text);
    }
    if (number > 1 && !stands.has(number - 1)) this.overtakers.push(message.text);
    stands.set(number, { message, reader, isFinal: false });
  }

  end(messages: Iterable<Received>, ending: Ending, maxAttempts: number): void {
    for (const message of messages) {
      const { key, number } = placeOf(message);
      const stand = this.#keys.get(key)?.get(number);
      if (stand === undefined) continue;
      const gaveUp = (ending === "fail" || ending === "crash") && message.attempt >= maxAttempts;
      stand.isFinal = stand.message === message && (ending === "ack" || ending === "reject" || gaveUp);
    }
  }
}

function placeOf({ text }: Received): { readonly key: string; readonly number: number } {
  const slash = text.lastIndexOf("/");
  return { key: text.slice(0, slash), number: Number(text.slice(slash + 1)) };
}
