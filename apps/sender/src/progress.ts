import type { Tally } from "./tally.ts";

/** The part of a terminal that a progress line needs. */
export interface ProgressOutput {
  /** Only a terminal can have a line written over. */
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const ERASE_LINE = "\r\u001B[K";

/**
 * Keeps a line on a terminal that tells how far sending is, from the second quarter of a second on. Writes nothing to
 * anything else.
 *
 * @param total messages to send, where known
 * @returns a function that takes the line away
 */
export function showProgress(output: ProgressOutput, tally: Tally, total: number | undefined): () => void {
  if (output.isTTY !== true) return () => {};
  let shown = false;
  const timer = setInterval(() => {
    shown = true;
    output.write(ERASE_LINE + progressLine(tally, total));
  }, 250);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (shown) output.write(ERASE_LINE);
  };
}

/** "1,200 of 10,000 sent, 1,100 safe". */
export function progressLine(tally: Pick<Tally, "sent" | "receipts">, total: number | undefined): string {
  const of = total === undefined ? "" : ` of ${total.toLocaleString("en-US")}`;
  return `${tally.sent.toLocaleString("en-US")}${of} sent, ${tally.receipts.toLocaleString("en-US")} safe`;
}
