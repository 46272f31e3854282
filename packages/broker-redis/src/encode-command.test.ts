import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Argument, encodeCommand } from "./encode-command.ts";

function decode(bytes: Buffer): Buffer[] {
  const text = bytes.toString("latin1");
  const count = Number(/^\*(\d+)\r\n/.exec(text)?.[1]);
  let at = text.indexOf("\r\n") + 2;
  const parts: Buffer[] = [];
  for (let part = 0; part < count; part++) {
    const length = Number(/^\$(\d+)\r\n/.exec(text.slice(at))?.[1]);
    at = text.indexOf("\r\n", at) + 2;
    parts.push(bytes.subarray(at, at + length));
    expect(text.slice(at + length, at + length + 2)).toBe("\r\n");
    at += length + 2;
  }
  expect(at).toBe(bytes.length);
  return parts;
}

function bytesOf(part: Argument): Buffer {
  if (typeof part === "string" || typeof part === "number") return Buffer.from(String(part));
  return Buffer.concat(part instanceof Uint8Array ? [part] : part);
}

const bytes = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ minLength: 2_000, maxLength: 2_100 }));
const argument: fc.Arbitrary<Argument> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 150 }).map((text) => text.toWellFormed()),
  fc.string({ unit: "grapheme-ascii", maxLength: 150 }),
  fc.integer(),
  bytes,
  fc.array(bytes, { maxLength: 4 }),
);

describe("encodeCommand", () => {
  it("writes every argument whole, whatever it is made of", () => {
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 8 }), (command) => {
        expect(decode(Buffer.concat(encodeCommand(command)))).toEqual(command.map(bytesOf));
      }),
    );
  });

  it("writes commands of any length, whole", () => {
    // Around the 64 KiB that are gathered at once.
    for (let length = 65_100; length < 65_560; length++) {
      const pieces = Array.from({ length: 33 }, (_, index) => Buffer.alloc(index < 32 ? 2_000 : length - 64_000, "p"));
      const command = [pieces, "s".repeat(90), "ä".repeat(60), "x".repeat(120), 7];
      const lines = command.map(bytesOf).flatMap((part) => [`$${part.length}\r\n`, part, "\r\n"]);
      const whole = Buffer.concat(["*5\r\n", ...lines].map((line) => Buffer.from(line)));
      expect(Buffer.concat(encodeCommand(command)).equals(whole), `${length} bytes before`).toBe(true);
    }
  });

  it("writes text of any length, whole", () => {
    const command = ["y".repeat(100_000), "ü".repeat(1_500), "z".repeat(2_047)];
    expect(decode(Buffer.concat(encodeCommand(command)))).toEqual(command.map(bytesOf));
  });

  it("hands on long byte arrays as they are", () => {
    const body = Buffer.alloc(60_000);
    expect(encodeCommand(["XADD", "key", [Buffer.from("prefix"), body]])).toContain(body);
  });

  it("makes one chunk of a small command, however many pieces it has", () => {
    const pieces = Array.from({ length: 20 }, () => Buffer.from("piece"));
    expect(encodeCommand(["SET", "key", pieces, Buffer.from("more")])).toHaveLength(1);
  });
});
