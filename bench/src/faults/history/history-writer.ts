import { openSync, writeSync } from "node:fs";
import type { HistoryEvent } from "./history-event.ts";

/**
 * Writes a program's history, one line of JSON for each event. The kernel has the line when `write` returns, so that it
 * outlives a SIGKILL.
 */
export class HistoryWriter {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "a");
  }

  write(event: HistoryEvent): void {
    writeSync(this.#file, `${JSON.stringify(event)}\n`);
  }
}
