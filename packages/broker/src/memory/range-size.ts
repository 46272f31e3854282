import type { Range } from "../store.ts";

/** How many messages ranges hold. */
export function sizeOf(ranges: readonly Range[]): number {
  let size = 0;
  for (const { from, to } of ranges) size += to - from;
  return size;
}
