import { decodeBatchHeader, readMessages } from "@chappe/message";
import {
  type Administration,
  isAdministrable,
  type KeptDeadLetter,
  type PeekedEntry,
  type Step,
} from "../administrable.ts";
import type { Store, SubscriptionName } from "../store.ts";
import { deadLetterOf, QUEUE, removal, take } from "./entries.ts";
import { appendAll, Producer } from "./producer.ts";
import type { Stage } from "./stage.ts";

/** What an operator does to a store. @throws Error when it has not what it declares */
export function administrationOf(store: Store): Administration {
  if (!isAdministrable(store)) throw new Error('the store declares "inspection" but is not Administrable');
  return store.administration;
}

/** Takes steps until there is none left; the messages of all. */
export async function allSteps(step: (after: string | undefined) => Promise<Step>): Promise<number> {
  let messages = 0;
  for (let after: string | undefined; ; ) {
    const done = await step(after);
    messages += done.messages;
    if (done.next === undefined) return messages;
    after = done.next;
  }
}

/** Publishes messages and lets them die, the text before a colon being the reason. */
export async function letDie(
  stage: Stage,
  store: Store,
  texts: readonly string[],
  name: SubscriptionName = QUEUE,
): Promise<void> {
  const producer = new Producer(name.address);
  await appendAll(store, [producer.batch(...texts)]);
  const [entry] = await take(stage, store, name, 1);
  const deadLetters = texts.map((text, index) => deadLetterOf(entry!, index, text.split(":")[0]!));
  await store.settle(name, [removal(entry!, { ackedMessages: 0, deadLetters })]);
}

/** Every dead letter, however many pages it takes. */
export async function deadLettersOf(
  store: Store,
  name: SubscriptionName = QUEUE,
  { limit = 100, reason }: { readonly limit?: number; readonly reason?: string } = {},
): Promise<KeptDeadLetter[]> {
  const letters: KeptDeadLetter[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await administrationOf(store).listDeadLetters(name, { after, limit, reason });
    letters.push(...items);
    if (next === undefined) return letters;
    after = next;
  }
}

/** Bodies of what was peeked or died. */
export function bodiesOf(entries: readonly (PeekedEntry | KeptDeadLetter)[]): string[] {
  return entries.flatMap(({ headerBytes, records, first, count }) =>
    readMessages({ header: decodeBatchHeader(headerBytes), records, first, count }).map((message) => message.text()),
  );
}
