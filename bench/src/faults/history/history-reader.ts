import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { HistoryEvent } from "./history-event.ts";

const CHUNK_BYTES = 1_048_576;

/** Reads the histories in a folder as they grow. */
export class HistoryReader {
  readonly #folder: string;
  readonly #files = new Map<string, { offset: number; rest: Buffer }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What has been written since the last call; a line that was not finished waits, for ever when its program was killed. */
  read(): HistoryEvent[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(".jsonl"))
      .toSorted()
      .flatMap((name) => this.#readFile(name));
  }

  #readFile(name: string): HistoryEvent[] {
    const place = this.#files.get(name) ?? { offset: 0, rest: Buffer.alloc(0) };
    this.#files.set(name, place);
    const file = openSync(join(this.#folder, name), "r");
    const chunks = [place.rest];
    try {
      for (;;) {
        const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
        const length = readSync(file, chunk, 0, CHUNK_BYTES, place.offset);
        if (length === 0) break;
        place.offset += length;
        chunks.push(chunk.subarray(0, length));
      }
    } finally {
      closeSync(file);
    }
    const text = Buffer.concat(chunks);
    const end = text.lastIndexOf(10) + 1;
    place.rest = Buffer.from(text.subarray(end));
    return text
      .toString("utf8", 0, end)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as HistoryEvent);
  }
}
