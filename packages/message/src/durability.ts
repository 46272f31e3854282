import { ChappeError } from "./chappe-error.ts";
import { quote } from "./quote.ts";

/**
 * What a publish waits for; the receipt says what was reached. `replicated` is one replica, `replicated(2)` two, and so
 * on to {@link MAX_REPLICAS}. docs/guarantees.md says what each survives.
 */
export type Durability = "accepted" | "replicated" | `replicated(${number})` | "fsynced";

/** Most replicas that a publish can wait for. */
export const MAX_REPLICAS = 15;

/** A durability as the wire has it: a number of `chappe.v1.Durability`, and the replicas, 0 unless they are more than one. */
export interface DurabilityNumbers {
  readonly level: number;
  readonly replicas: number;
}

const ACCEPTED: DurabilityNumbers = { level: 1, replicas: 0 };
const FSYNCED: DurabilityNumbers = { level: 3, replicas: 0 };

/** What a durability is on the wire. */
export function durabilityNumbers(durability: Durability): DurabilityNumbers {
  if (durability === "accepted") return ACCEPTED;
  if (durability === "fsynced") return FSYNCED;
  const replicas = replicasOf(durability);
  return { level: 2, replicas: replicas === 1 ? 0 : replicas };
}

/**
 * The durability that a number of `chappe.v1.Durability` names; unspecified is "accepted".
 *
 * @param replicas only for "replicated", where 0 is 1
 * @throws ChappeError INVALID_ARGUMENT for a promise that nobody here can give
 */
export function durabilityOf(level: number, replicas = 0): Durability {
  if (level !== 2 && replicas !== 0) {
    throw new ChappeError("INVALID_ARGUMENT", `replicas ${replicas}: durability ${level} has none; leave it 0`);
  }
  switch (level) {
    case 0:
    case 1:
      return "accepted";
    case 2:
      return replicated(replicas === 0 ? 1 : replicas);
    case 3:
      return "fsynced";
    default:
      throw new ChappeError("INVALID_ARGUMENT", `durability ${level} is not known; 0 to 3 are allowed`);
  }
}

/**
 * Reads a durability as people write it: `accepted`, `fsynced`, `replicated` or `replicated(n)`.
 *
 * @param what how the error calls it
 * @throws ChappeError INVALID_ARGUMENT
 */
export function parseDurability(text: unknown, what: string): Durability {
  if (text === "accepted" || text === "fsynced" || text === "replicated") return text;
  const replicas = typeof text === "string" ? /^replicated\((\d{1,3})\)$/.exec(text)?.[1] : undefined;
  if (replicas !== undefined) return replicated(Number(replicas));
  throw new ChappeError(
    "INVALID_ARGUMENT",
    `${what} ${quote(String(text))} must be accepted, fsynced, replicated, or replicated(1) to replicated(${MAX_REPLICAS})`,
  );
}

/** How many replicas a durability asks for: 0 unless it is one of "replicated". */
export function replicasOf(durability: Durability): number {
  if (!durability.startsWith("replicated")) return 0;
  return durability === "replicated" ? 1 : Number(durability.slice("replicated(".length, -1));
}

function replicated(replicas: number): Durability {
  if (replicas < 1 || replicas > MAX_REPLICAS) {
    throw new ChappeError("INVALID_ARGUMENT", `replicated(${replicas}): 1 to ${MAX_REPLICAS} replicas are allowed`);
  }
  return replicas === 1 ? "replicated" : `replicated(${replicas})`;
}
