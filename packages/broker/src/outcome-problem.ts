import type { Outcome } from "./broker.ts";
import type { Handed } from "./consumer.ts";

/** Why an outcome does not count, if so. */
export function problemOf({ delivery, first, count }: Outcome, handed: Handed | undefined): string | undefined {
  if (handed === undefined)
    return `delivery ${delivery} is not held by this consumer: settled before, revoked, or never handed out`;
  const size = handed.outcomes.size;
  if (!(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 1 && first + count <= size)) {
    return `messages ${first} to ${first + count - 1} of delivery ${delivery} do not exist: it has messages 0 to ${size - 1}`;
  }
  if (handed.outcomes.any(first, first + count)) {
    return `messages ${first} to ${first + count - 1} of delivery ${delivery} were settled before, at least in part`;
  }
  return undefined;
}
