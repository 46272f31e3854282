import { ChappeError } from "@chappe/message";

/** What to throw for a page that no answer of this store gave. */
export function foreignPage(after: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", `page ${JSON.stringify(after)}: no answer of this store gave it`);
}
