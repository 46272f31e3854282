import { describe, expect, test } from "vitest";
import { linesOf } from "./stdin-lines.ts";

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, "latin1");
}

async function lines(input: AsyncIterable<Uint8Array>, maxLineBytes?: number): Promise<string[]> {
  const all: string[] = [];
  for await (const group of linesOf(input, maxLineBytes)) {
    all.push(...group.map((line) => Buffer.from(line).toString("latin1")));
  }
  return all;
}

describe("lines of standard input", () => {
  test("are the same however the bytes are cut into chunks", async () => {
    const text = "one\ntwo\r\n\nfour";
    for (let cut = 0; cut <= text.length; cut++) {
      expect(await lines(chunks(text.slice(0, cut), text.slice(cut)))).toEqual(["one", "two", "", "four"]);
    }
  });

  test("need no line end at the end of the input, and get no empty line for one", async () => {
    expect(await lines(chunks("a\nb"))).toEqual(["a", "b"]);
    expect(await lines(chunks("a\nb\n"))).toEqual(["a", "b"]);
    expect(await lines(chunks())).toEqual([]);
  });

  test("keep bytes that are no valid UTF-8", async () => {
    expect(await lines(chunks("\xff\xfe\n\x00\n"))).toEqual(["\xff\xfe", "\x00"]);
  });

  test("that do not end are refused before they fill the memory, after the lines before them", async () => {
    const seen: number[] = [];
    const endless = async () => {
      for await (const group of linesOf(chunks("short\n12", "345", "678"), 4)) seen.push(group.length);
    };
    await expect(endless()).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: "line 2 of standard input is longer than the 4 bytes a message may have",
    });
    expect(seen).toEqual([1]);
  });
});
