import type { Durability } from "@chappe/broker";
import { ChappeError } from "@chappe/message";

const DURABILITIES: ReadonlySet<unknown> = new Set<Durability>(["accepted", "replicated", "fsynced"]);

/** What the header `Chappe-Durability` asks for. @throws ChappeError INVALID_ARGUMENT */
export function durabilityOf(header: unknown): Durability {
  if (header === undefined) return "accepted";
  if (DURABILITIES.has(header)) return header as Durability;
  throw new ChappeError(
    "INVALID_ARGUMENT",
    `Chappe-Durability ${JSON.stringify(header)}: must be ${[...DURABILITIES].join(", ")}`,
  );
}
