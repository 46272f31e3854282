import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readTls } from "./read-tls.ts";

const NONE = { tls: false, tlsCa: undefined, tlsCert: undefined, tlsKey: undefined };
const FILE = fileURLToPath(import.meta.url);

test("without a flag, plain text; with --tls, what Node believes", () => {
  expect(readTls(NONE)).toBe(false);
  expect(readTls({ ...NONE, tls: true })).toBe(true);
});

test("each file implies TLS, and is read", () => {
  const bytes = readFileSync(FILE);
  expect(readTls({ ...NONE, tlsCa: FILE })).toEqual({ ca: bytes });
  expect(readTls({ ...NONE, tlsCert: FILE, tlsKey: FILE })).toEqual({ cert: bytes, key: bytes });
});

test("a file that cannot be read is named, with its flag", () => {
  expect(() => readTls({ ...NONE, tlsKey: "missing.pem" })).toThrow(/^--tls-key: cannot read "missing.pem": ENOENT/);
});
