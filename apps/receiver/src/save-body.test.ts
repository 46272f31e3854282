import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileName, saveBody } from "./save-body.ts";

const ID = "0199e5a0-0000-7000-8000-000000000001";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chappe-save-body-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a saved body", () => {
  test("is the message's bytes, in a file named by its id, and nothing else is left", async () => {
    const body = Buffer.from([0, 255, 10, 13]);
    const path = await saveBody(folder, { id: ID, contentType: "image/png", body });
    expect(path).toBe(join(folder, `${ID}.png`));
    expect(readFileSync(path)).toEqual(body);
    expect(readdirSync(folder)).toEqual([`${ID}.png`]);
  });

  test("replaces itself when the message comes again", async () => {
    for (const text of ["first", "again"]) {
      await saveBody(folder, { id: ID, contentType: "text/plain", body: Buffer.from(text) });
    }
    expect(readdirSync(folder)).toHaveLength(1);
    expect(readFileSync(join(folder, `${ID}.txt`), "utf8")).toBe("again");
  });

  test("fails where it cannot be written, and leaves nothing", async () => {
    const missing = join(folder, "missing");
    const saving = saveBody(missing, { id: ID, contentType: "text/plain", body: Buffer.from("x") });
    await expect(saving).rejects.toMatchObject({ code: "ENOENT" });
    expect(existsSync(missing)).toBe(false);

    mkdirSync(join(folder, `${ID}.txt`));
    const taken = saveBody(folder, { id: ID, contentType: "text/plain", body: Buffer.from("x") });
    await expect(taken).rejects.toMatchObject({ code: "EISDIR" });
    expect(readdirSync(folder)).toEqual([`${ID}.txt`]);
  });
});

describe("a file's name", () => {
  test.each([
    ["application/json", ".json"],
    ["text/plain; charset=utf-8", ".txt"],
    ["video/mp4", ".mp4"],
    ["application/octet-stream", ".bin"],
    ["made/up", ".bin"],
    ["", ".bin"],
  ])("has the extension of %o", (contentType, extension) => {
    expect(fileName({ id: ID, contentType })).toBe(ID + extension);
  });

  test.each(["../../etc/passwd", "..", ".", ".hidden", "a/b", "a\\b", "C:x", "nul\u0000", "~", "*?'\"<>|", "é"])(
    "stays within the folder for the id %o",
    (id) => {
      const name = fileName({ id, contentType: "text/plain" });
      expect(dirname(resolve("/inbox", name))).toBe("/inbox");
      expect(name).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9._%-]*\.txt$/);
    },
  );

  test("differs for different ids, however long", () => {
    const long = "ü".repeat(99);
    const names = ["a/b", "a%2Fb", `${long}1`, `${long}2`].map((id) => fileName({ id, contentType: "" }));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThan(255);
  });
});
