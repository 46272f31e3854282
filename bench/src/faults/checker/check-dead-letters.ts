import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Poison, and nothing else, ends among the dead letters: once for each reader. */
export function checkDeadLetters({ dead, records, readers, wipesMs }: RunHistory): Violation[] {
  const found: Violation[] = [];
  const times = new Map<string, number>();
  for (const { reader, key, reason } of dead) {
    const record = records.get(key);
    const count = (times.get(`${reader} ${key}`) ?? 0) + 1;
    times.set(`${reader} ${key}`, count);
    if (record?.sent?.poison === undefined || count > 1) {
      found.push({
        invariant: "wrong-dead-letter",
        what: `${key} is a dead letter of ${reader}${count > 1 ? ` ${count} times` : ""} ("${reason}")`,
        events: [record?.sent, ...(record?.deliveries.get(reader) ?? [])].filter((event) => event !== undefined),
      });
    }
  }
  for (const { key, address, sent, acked, deliveries } of records.values()) {
    // Dead letters are lost with Redis, and with what it held.
    if (sent?.poison === undefined || acked === undefined || wipesMs.some((atMs) => atMs > sent.atMs)) continue;
    for (const { reader, address: read } of readers) {
      if (read !== address || times.has(`${reader} ${key}`)) continue;
      found.push({
        invariant: "missing-dead-letter",
        what: `${key} (${sent.poison}) is no dead letter of ${reader}`,
        events: [sent, acked, ...(deliveries.get(reader) ?? [])],
      });
    }
  }
  return found;
}
