import { ChappeError } from "@chappe/message";

/** Most dead letters that one selection names. */
const MAX_IDS = 1_000;

/** The INVALID_ARGUMENT for a page, or a next step, that no answer of this store gave. */
export function foreignPageError(after: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", `page ${JSON.stringify(after)}: no answer of this store gave it`);
}

/** Checks how many dead letters are named. @throws ChappeError INVALID_ARGUMENT for more than 1,000 */
export function checkDeadLetterIds(ids: readonly string[]): void {
  if (ids.length <= MAX_IDS) return;
  throw new ChappeError("INVALID_ARGUMENT", `${ids.length} ids: name at most ${MAX_IDS} dead letters at a time`);
}

/** Why something is not deleted: it is not there; somebody has consumers for it; it has messages or dead letters. */
export type DeletionProblem = "unknown" | "read" | "filled";

/** The NOT_FOUND or FAILED_PRECONDITION that refuses a deletion, and says what to do. */
export function deletionError(what: string, problem: DeletionProblem): ChappeError {
  switch (problem) {
    case "unknown":
      return new ChappeError("NOT_FOUND", `${what} is not there`);
    case "read":
      return new ChappeError("FAILED_PRECONDITION", `${what} has consumers: stop them first, or force it`);
    case "filled": {
      const message = `${what} has messages or dead letters: settle or purge them first, or force it`;
      return new ChappeError("FAILED_PRECONDITION", message);
    }
  }
}

/** The FAILED_PRECONDITION for deleting a receiver's only subscription. */
export function onlyQueueError(address: string): ChappeError {
  return new ChappeError("FAILED_PRECONDITION", `${address} has one queue and no subscriptions: delete the address`);
}
