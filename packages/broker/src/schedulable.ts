/** A power that a store, and so its broker, may have: it keeps delayed messages until their time, and gives them up again. */
export interface Schedulable {
  /**
   * Takes back a delayed message, so that nobody ever gets it, and frees its deduplication id. Answers whether it was still
   * waiting: not if its time has come, if it was taken back before, or if this sender has sent no such message there.
   *
   * @param address `receiver:<id>` or `topic:<name>`, where it was sent to
   * @param sender who sent it; another one's messages are out of reach
   * @param id of the message
   * @throws ChappeError (as a rejection) UNAVAILABLE while the store cannot be reached; it may be taken back all the same
   */
  cancel(address: string, sender: string, id: string): Promise<boolean>;
}

/** Whether a store or a broker has the power. */
export function isSchedulable<Owner extends object>(owner: Owner): owner is Owner & Schedulable {
  return typeof (owner as Partial<Schedulable>).cancel === "function";
}
