import type { Writable } from "node:stream";

/**
 * Lets a router go on when whoever read its log is gone: lines are lost then, and messages are not. Any other error of the
 * stream is thrown.
 */
export function outliveReader(log: Writable): void {
  log.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
