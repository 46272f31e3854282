import { ChappeError } from "./chappe-error.ts";

/** What a publish waits for; the receipt says what was reached. docs/guarantees.md says what each survives. */
export type Durability = "accepted" | "replicated" | "fsynced";

const NUMBERS = { accepted: 1, replicated: 2, fsynced: 3 } as const satisfies Record<Durability, number>;

/** Number of a durability in `chappe.v1.Durability`. */
export function durabilityNumber(durability: Durability): number {
  return NUMBERS[durability];
}

/**
 * The durability that a number of `chappe.v1.Durability` names; unspecified is "accepted".
 *
 * @throws ChappeError INVALID_ARGUMENT for a number outside the set: a promise nobody here can give
 */
export function durabilityOf(number: number): Durability {
  switch (number) {
    case 0:
    case 1:
      return "accepted";
    case 2:
      return "replicated";
    case 3:
      return "fsynced";
    default:
      throw new ChappeError("INVALID_ARGUMENT", `durability ${number} is not known; 0 to 3 are allowed`);
  }
}
