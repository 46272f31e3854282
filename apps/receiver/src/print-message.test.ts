import { describe, expect, test } from "vitest";
import { messageJson, messageLine, sizeText } from "./print-message.ts";
import type { PrintableMessage } from "./print-message.ts";

function message(fields: Partial<PrintableMessage> & { text?: string } = {}): PrintableMessage {
  return {
    id: "0199e5a0-0000-7000-8000-000000000001",
    sender: "sender-01",
    address: "receiver:receiver-01",
    type: "",
    contentType: "text/plain; charset=utf-8",
    timeMs: Date.UTC(2026, 10, 23, 8, 31, 22, 123),
    correlationId: "",
    replyTo: "",
    orderingKey: "",
    attributes: {},
    attempt: 1,
    redelivered: false,
    body: Buffer.from(fields.text ?? "hello"),
    ...fields,
  };
}

describe("a printed line", () => {
  test("tells time, sender, type, content type, size and the text", () => {
    expect(messageLine(message())).toBe(
      "2026-11-23T08:31:22.123Z  sender-01  -  text/plain; charset=utf-8  5 B  hello",
    );
  });

  test("tells a retry, and where a body was saved", () => {
    expect(messageLine(message({ attempt: 2, type: "greeting" }), "inbox/1.txt")).toBe(
      "2026-11-23T08:31:22.123Z  sender-01  greeting  text/plain; charset=utf-8  5 B  attempt 2  inbox/1.txt",
    );
  });

  test("tells that it may have been handed out before, and so does a JSON line", () => {
    const again = message({ redelivered: true });
    expect(messageLine(again)).toMatch(/ {2}5 B {2}redelivered {2}hello$/);
    expect([again, message()].map((each) => JSON.parse(messageJson(each)).redelivered)).toEqual([true, false]);
  });

  test("tells even a time that no calendar has", () => {
    expect(messageLine(message({ timeMs: 9e15 }))).toMatch(/^9000000000000000 {2}/);
  });

  test("shows no bytes of what is no text", () => {
    const line = messageLine(message({ contentType: "image/png", body: Buffer.from([0x89, 0x50]) }));
    expect(line).toMatch(/ {2}image\/png {2}2 B$/);
  });

  test("is one line that does nothing to a terminal, whatever the message holds", () => {
    const evil = "\u001B[2J\r\n\u0000\u009B31m\u202Etxt.exe\u2028";
    const line = messageLine(message({ text: evil, sender: evil, type: evil, contentType: `text/plain${evil}` }));
    expect(line).not.toMatch(/[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Bidi_Control}]/u);
    expect(messageLine(message({ text: evil }))).toContain("\\x1b[2J\\r\\n\\x00\\x9b31m\\u202etxt.exe\\u2028");
  });
});

describe("a JSON line", () => {
  test("has a text body as text, byte for byte", () => {
    const text = '\uFEFF{"a": "ü\\n"}\n';
    const parsed = JSON.parse(messageJson(message({ text, contentType: "application/json" })));
    expect(parsed).toMatchObject({ text, bytes: Buffer.byteLength(text), attempt: 1, sender: "sender-01" });
  });

  test("has any other body as base64", () => {
    const bytes = Buffer.from([0, 1, 255]);
    for (const contentType of ["application/octet-stream", "text/plain", "text/plain; charset=latin1"]) {
      const parsed = JSON.parse(messageJson(message({ body: bytes, contentType })));
      expect(Buffer.from(parsed.base64, "base64")).toEqual(bytes);
      expect(parsed.text).toBeUndefined();
    }
  });

  test("leaves out what the message does not say, and keeps what it does", () => {
    expect(Object.keys(JSON.parse(messageJson(message())))).not.toContain("correlationId");
    const said = { correlationId: "c", replyTo: "topic:t", orderingKey: "k", attributes: { a: "b" } };
    expect(JSON.parse(messageJson(message(said)))).toMatchObject(said);
  });

  test("is one line", () => {
    expect(messageJson(message({ text: "a\nb\u2028" }))).not.toMatch(/\n/);
  });

  test("names the file instead when the body was saved", () => {
    const parsed = JSON.parse(messageJson(message(), "inbox/1.txt"));
    expect(parsed.file).toBe("inbox/1.txt");
    expect(parsed.text).toBeUndefined();
  });
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [1_048_576, "1 MiB"],
])("%i bytes read as %s", (bytes, expected) => {
  expect(sizeText(bytes)).toBe(expected);
});
