import type { Range, Setback } from "@chappe/broker";

/** How many messages the ranges hold. */
export function sizeOf(ranges: readonly Range[]): number {
  let size = 0;
  for (const { from, to } of ranges) size += to - from;
  return size;
}

/** What is known of an entry that has got on. */
export interface Progress {
  readonly settled: readonly Range[];
  readonly setback: Setback | undefined;
}

/**
 * What Redis keeps of an entry's progress, such as `5 0-3 7-9`: the number of settled messages, then their ranges. With an
 * ordering key, and once a message has failed, `!3 +200 4:2:1` follows: how many failures there were, the pause in milliseconds,
 * in place of which settle.lua writes when it ends, and each message that has failed, with how often, and how many consumers
 * crashed with it.
 */
export function encodeProgress({ settled, setback }: Progress): string {
  let text = String(sizeOf(settled));
  for (const { from, to } of settled) text += ` ${from}-${to}`;
  if (setback === undefined) return text;
  const { failures, total, pauseMs } = setback;
  text += `!${total} +${Math.ceil(pauseMs)}`;
  for (const { index, times, crashes } of failures) text += ` ${index}:${times}:${crashes}`;
  return text;
}

/** Reads what settle.lua made of {@link encodeProgress}'s; empty for an entry without progress. */
export function decodeProgress(text: string, nowMs: number): Progress {
  if (text === "") return { settled: [], setback: undefined };
  const [marks = "", noted] = text.split("!", 2);
  const settled = marks
    .split(" ")
    .slice(1)
    .map((range) => {
      const [from = 0, to = 0] = range.split("-", 2).map(Number);
      return { from, to };
    });
  if (noted === undefined) return { settled, setback: undefined };
  const [total, endMs, ...failed] = noted.split(" ");
  const failures = failed.map((failure) => {
    const [index = 0, times = 0, crashes = 0] = failure.split(":", 3).map(Number);
    return { index, times, crashes };
  });
  return { settled, setback: { failures, total: Number(total), pauseMs: Math.max(0, Number(endMs) - nowMs) } };
}
