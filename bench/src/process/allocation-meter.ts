/** Sizes around one garbage collection, in bytes. */
export interface Collection {
  readonly before: number;
  readonly after: number;
}

/**
 * Bytes allocated between two moments: what the heap grew by between collections. V8 keeps no count of allocations, but
 * the heap shrinks only when it is collected.
 *
 * @param start bytes in use at the first moment
 * @param end bytes in use at the second
 */
export function allocatedBytes(start: number, collections: readonly Collection[], end: number): number {
  let allocated = 0;
  let last = start;
  for (const { before, after } of collections) {
    allocated += Math.max(0, before - last);
    last = after;
  }
  return allocated + Math.max(0, end - last);
}
