import type { Range } from "@chappe/broker";

/** How many messages the ranges hold. */
export function sizeOf(ranges: readonly Range[]): number {
  let size = 0;
  for (const { from, to } of ranges) size += to - from;
  return size;
}

/** What Redis keeps of an entry's progress, such as `5 0-3 7-9`: the number of settled messages, then their ranges. */
export function encodeMarks(ranges: readonly Range[]): string {
  let text = String(sizeOf(ranges));
  for (const { from, to } of ranges) text += ` ${from}-${to}`;
  return text;
}

/** Reads what {@link encodeMarks} wrote; empty for an entry without progress. */
export function decodeMarks(text: string): readonly Range[] {
  if (text === "") return [];
  return text
    .split(" ")
    .slice(1)
    .map((range) => {
      const [from = 0, to = 0] = range.split("-", 2).map(Number);
      return { from, to };
    });
}
