import type { CaseOptions } from "../case-options.ts";

/** Where messages are sent to. Its index among the destinations is what sender and receiver programs call it by. */
export type Destination =
  | { readonly kind: "receiver"; readonly id: string }
  | { readonly kind: "topic"; readonly topic: string };

/** What one consumer reads. */
export interface Reading {
  /** Index of the destination. */
  readonly destination: number;
  /** Name of a topic's subscription; empty for a receiver's queue. */
  readonly subscription: string;
}

/** Where the messages of a case go. */
export function destinationsOf({ receivers, topics }: Pick<CaseOptions, "receivers" | "topics">): Destination[] {
  return receivers > 0
    ? Array.from({ length: receivers }, (_, index) => ({ kind: "receiver", id: `receiver-${index}` }))
    : Array.from({ length: topics }, (_, index) => ({ kind: "topic", topic: `topic-${index}` }));
}

/** What each receiver program reads: all that is read, dealt out in turn. */
export function readingsOf(options: CaseOptions): Reading[][] {
  const { topics, subscriptions, receiverPrograms } = options;
  const perDestination = topics > 0 ? subscriptions : 1;
  const programs: Reading[][] = Array.from({ length: receiverPrograms }, () => []);
  let dealt = 0;
  destinationsOf(options).forEach((_, destination) => {
    for (let index = 0; index < perDestination; index++) {
      const subscription = topics > 0 ? `subscription-${index}` : "";
      programs[dealt++ % receiverPrograms]?.push({ destination, subscription });
    }
  });
  return programs;
}
