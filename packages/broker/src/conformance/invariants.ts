import type { Received } from "./reader.ts";

/** How a hand-over of a message to a consumer ended, as far as the consumer knows. */
export type Ending = "ack" | "release" | "fail" | "reject" | "crash" | "open";

/** One hand-over of one message. */
export interface HandOver {
  readonly text: string;
  readonly attempt: number;
  readonly redelivered: boolean;
  ending: Ending;
}

/** What was published and never handed to anyone. */
export function lost(published: Iterable<string>, seen: Iterable<string>): string[] {
  const found = new Set(seen);
  return [...published].filter((text) => !found.has(text));
}

/**
 * Hand-overs of a message handed over before that do not say so. A message says so by a higher attempt or by being flagged
 * as redelivered; one that its consumer had released itself needs not.
 */
export function unflaggedDuplicates(handOvers: Iterable<HandOver>): HandOver[] {
  const before = new Map<string, { attempt: number; ending: Ending }>();
  const unflagged: HandOver[] = [];
  for (const handOver of handOvers) {
    const { text, attempt, redelivered, ending } = handOver;
    const earlier = before.get(text);
    const flagged = redelivered || (earlier !== undefined && attempt > earlier.attempt);
    if (earlier !== undefined && !flagged && earlier.ending !== "release") unflagged.push(handOver);
    before.set(text, { attempt: Math.max(attempt, earlier?.attempt ?? 0), ending });
  }
  return unflagged;
}

/** Hand-overs whose attempt is higher than 1 + the failures counted for their message before. */
export function overcounted(handOvers: Iterable<HandOver>): HandOver[] {
  const failures = new Map<string, number>();
  const wrong: HandOver[] = [];
  for (const handOver of handOvers) {
    const { text, attempt, ending } = handOver;
    const counted = failures.get(text) ?? 0;
    if (attempt > 1 + counted) wrong.push(handOver);
    if (ending === "fail" || ending === "crash") failures.set(text, counted + 1);
  }
  return wrong;
}

/** Messages that came before an older one of their sender. Texts end in a number that counts up within the sender. */
export function outOfOrder(messages: Iterable<Pick<Received, "sender" | "text">>): string[] {
  const last = new Map<string, number>();
  const wrong: string[] = [];
  for (const { sender, text } of messages) {
    const number = Number(/\d+$/.exec(text)?.[0]);
    if (number <= (last.get(sender) ?? Number.NEGATIVE_INFINITY)) wrong.push(text);
    else last.set(sender, number);
  }
  return wrong;
}
