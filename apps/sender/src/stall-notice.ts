import type { Tally } from "./tally.ts";

/** When to say that nothing moves, in milliseconds: longer than a garbage collection, shorter than patience. */
const STALL_MS = 2_000;

/**
 * Says when messages are on their way and none has become safe for 2 s: the router can be reached, but its store
 * cannot, or is full. Says so once for each time.
 *
 * @returns a function that ends it
 */
export function noticeStalls(tally: Pick<Tally, "sent" | "receipts">, tell: (line: string) => void): () => void {
  let receipts = 0;
  let movedAt = performance.now();
  let isTold = false;
  const timer = setInterval(() => {
    const underWay = tally.sent - tally.receipts;
    if (tally.receipts !== receipts || underWay === 0) {
      receipts = tally.receipts;
      movedAt = performance.now();
      isTold = false;
    } else if (!isTold && performance.now() - movedAt >= STALL_MS) {
      isTold = true;
      tell(`${underWay.toLocaleString("en-US")} not safe yet; waiting for the router to confirm`);
    }
  }, STALL_MS / 4);
  timer.unref();
  return () => clearInterval(timer);
}
