/** A power that a store, and so its broker, may have: it tells when it may come back without what it acknowledged last. */
export interface Interruptible {
  /**
   * Calls `listener` when the store's server is lost from sight, by a broken connection or its end. Nothing need be lost;
   * who holds what was acknowledged last can make sure. Returns the way to stop.
   */
  onInterrupted(listener: () => void): () => void;
}

/** Whether a store or a broker has the power. */
export function isInterruptible<Owner extends object>(owner: Owner): owner is Owner & Interruptible {
  return typeof (owner as Partial<Interruptible>).onInterrupted === "function";
}
