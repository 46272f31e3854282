import type { Writable } from "node:stream";

/** Nobody reads the output any more: `| head` has seen enough, or its reader is gone. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/** Writes lines to a stream and tells when each has left the program. */
export class LineOutput {
  readonly #stream: Writable;
  #pending = "";
  #flushed: Promise<void> | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    // A closed pipe is also reported to the write that met it; without a listener it would end the program here.
    stream.on("error", () => {});
  }

  /**
   * Resolves when the line is written. Lines of one turn of the event loop go out together.
   *
   * @throws OutputClosed when nobody reads any more; Error when writing fails for another reason. The line must be taken
   * as not written then.
   */
  write(line: string): Promise<void> {
    this.#pending += `${line}\n`;
    this.#flushed ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const lines = this.#pending;
        this.#pending = "";
        this.#flushed = undefined;
        this.#stream.write(lines, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(isClosedPipe(error) ? new OutputClosed("the output was closed", { cause: error }) : error);
        });
      });
    });
    return this.#flushed;
  }
}

function isClosedPipe(error: Error & { readonly code?: string }): boolean {
  return error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
}
