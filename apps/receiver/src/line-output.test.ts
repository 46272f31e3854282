import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { LineOutput, OutputClosed } from "./line-output.ts";

/** A stream that notes its chunks, and answers each write with what `answer` returns. */
function stream(answer: () => Error | null): { output: Writable; chunks: string[] } {
  const chunks: string[] = [];
  const output = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, callback) {
      chunks.push(String(chunk));
      callback(answer());
    },
  });
  return { output, chunks };
}

describe("line output", () => {
  test("writes lines of one turn together, in order, and tells when they are written", async () => {
    const { output, chunks } = stream(() => null);
    const lines = new LineOutput(output);
    await Promise.all([lines.write("a"), lines.write("b")]);
    await lines.write("c");
    expect(chunks).toEqual(["a\nb\n", "c\n"]);
  });

  test("tells of each line that nobody read any more", async () => {
    const { output } = stream(() => Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    const lines = new LineOutput(output);
    const written = await Promise.allSettled([lines.write("a"), lines.write("b")]);
    expect(written.map((result) => result.status === "rejected" && result.reason)).toEqual([
      expect.any(OutputClosed),
      expect.any(OutputClosed),
    ]);
    await expect(lines.write("c")).rejects.toBeInstanceOf(OutputClosed);
  });

  test("passes other errors on", async () => {
    const { output } = stream(() => Object.assign(new Error("disk full"), { code: "ENOSPC" }));
    await expect(new LineOutput(output).write("a")).rejects.toMatchObject({ code: "ENOSPC" });
  });
});
