import type { Tally } from "./tally.ts";

/** When to say that nothing moves, in milliseconds: longer than a garbage collection, shorter than patience. */
const STALL_MS = 2_000;

/** Watches whether messages become safe. */
export interface StallNotice {
  /** Notes what keeps messages from becoming safe; the next one that is safe lets it be forgotten. */
  readonly note: (error: Error) => void;
  /** Ends it. */
  readonly end: () => void;
}

/**
 * Says when messages are on their way and none has become safe for 2 s: a router cannot be reached, or can, and its store
 * cannot, or is full. Says so once for each time, with the last error; once more if there was none yet.
 */
export function noticeStalls(tally: Pick<Tally, "sent" | "receipts">, tell: (line: string) => void): StallNotice {
  let receipts = 0;
  let movedAt = performance.now();
  let told: "nothing" | "stall" | "cause" = "nothing";
  let lastError: Error | undefined;
  const timer = setInterval(() => {
    const underWay = tally.sent - tally.receipts;
    if (tally.receipts !== receipts || underWay === 0) {
      receipts = tally.receipts;
      movedAt = performance.now();
      told = "nothing";
      lastError = undefined;
      return;
    }
    const knows = lastError === undefined ? "stall" : "cause";
    if (told === "cause" || told === knows || performance.now() - movedAt < STALL_MS) return;
    told = knows;
    const why = lastError === undefined ? "" : `. Last error: ${lastError.message}`;
    tell(`${underWay.toLocaleString("en-US")} not safe yet; waiting for the router to confirm${why}`);
  }, STALL_MS / 4);
  timer.unref();
  return {
    note: (error) => {
      lastError = error;
    },
    end: () => clearInterval(timer),
  };
}
