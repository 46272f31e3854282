import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { ChappeError } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { LineOutput } from "./line-output.ts";
import { type HeldMessage, type MessageHandlerOptions, messageHandler } from "./message-handler.ts";

/** Handles a message, and tells what happened, in order. */
async function handle(
  options: Partial<MessageHandlerOptions> = {},
  fields: Partial<HeldMessage> = {},
  writeError: Error | null = null,
): Promise<string[]> {
  const log: string[] = [];
  const note = (what: string) => async () => void log.push(what);
  const output = new LineOutput(
    new Writable({
      write(chunk, _encoding, callback) {
        log.push(String(chunk).trim());
        callback(writeError);
      },
    }),
  );
  const message: HeldMessage = {
    id: "m1",
    sender: "s",
    address: "receiver:r",
    type: "",
    contentType: "text/plain",
    timeMs: 0,
    correlationId: "",
    replyTo: "",
    orderingKey: "",
    attributes: {},
    body: Buffer.from("hello"),
    attempt: 1,
    redelivered: false,
    ack: note("ack"),
    reject: async (reason) => void log.push(`reject: ${reason}`),
  };
  const tell = (line: string) => void log.push(line);
  const handler = messageHandler({ output, json: false, tell, ...options });
  await handler(Object.defineProperties(message, Object.getOwnPropertyDescriptors(fields))).catch((error: unknown) =>
    log.push(String(error)),
  );
  return log;
}

describe("a message", () => {
  test("is acknowledged after it is printed", async () => {
    expect(await handle()).toEqual(["1970-01-01T00:00:00.000Z  s  -  text/plain  5 B  hello", "ack"]);
  });

  test("is not acknowledged when it could not be printed", async () => {
    const log = await handle({}, {}, Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    expect(log.slice(1)).toEqual(["OutputClosed: the output was closed"]);
  });

  test("is saved before it is printed, and not acknowledged when it could not be saved", async () => {
    const out = mkdtempSync(join(tmpdir(), "chappe-handler-"));
    const log = await handle({ out, json: true });
    expect(JSON.parse(log[0]!)).toMatchObject({ id: "m1", file: join(out, "m1.txt") });
    expect(log[1]).toBe("ack");
    expect(readFileSync(join(out, "m1.txt"), "utf8")).toBe("hello");

    rmSync(out, { recursive: true });
    expect(existsSync(out)).toBe(false);
    expect(await handle({ out })).toEqual([expect.stringMatching(/ENOENT/)]);
  });

  test("that its sender has written wrong goes to the dead letters, and nothing is printed", async () => {
    const broken = {
      get contentType(): string {
        throw new ChappeError("INVALID_ARGUMENT", "record 3 is cut off");
      },
    };
    expect(await handle({}, broken)).toEqual([
      "rejected a message that cannot be read: record 3 is cut off",
      "reject: record 3 is cut off",
    ]);
  });
});
