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
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
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

  it("hands on long byte arrays as they are", () => {
    const body = Buffer.alloc(60_000);
    expect(encodeCommand(["XADD", "key", [Buffer.from("prefix"), body]])).toContain(body);
  });

  it("makes one chunk of a small command, however many pieces it has", () => {
    const pieces = Array.from({ length: 20 }, () => Buffer.from("piece"));
    expect(encodeCommand(["SET", "key", pieces, Buffer.from("more")])).toHaveLength(1);
  });
});
