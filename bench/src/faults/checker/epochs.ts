import type { RunHistory } from "./run-history.ts";

/** The epochs that receipts of an address carried, in the order in which they first came. */
export function epochsOf({ events }: Pick<RunHistory, "events">, address: string): string[] {
  const epochs = new Set<string>();
  for (const event of events) if (event.kind === "acked" && event.address === address) epochs.add(event.epoch);
  return [...epochs];
}
