import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentTypeOf, readFileBody } from "./file-body.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chappe-file-body-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file's content type", () => {
  test.each([
    ["photo.png", "", "image/png"],
    ["table.csv", "a,b", "text/csv"],
    ["drawing.svg", '<?xml version="1.0"?><svg/>', "image/svg+xml"],
    ["no-extension", "näive", "text/plain; charset=utf-8"],
    ["no-extension", Buffer.from([0xff, 0xfe, 0x00]), "application/octet-stream"],
    ["no-extension", PNG, "image/png"],
  ])("%s is told by its name, else by its bytes", async (name, bytes, expected) => {
    expect(await contentTypeOf(name, Buffer.from(bytes as string))).toBe(expected);
  });
});

describe("reading a file", () => {
  test("gives its bytes as they are", async () => {
    const path = join(folder, "photo.png");
    writeFileSync(path, PNG);
    const { body, contentType } = await readFileBody(path);
    expect(Buffer.from(body)).toEqual(PNG);
    expect(contentType).toBe("image/png");
  });

  test("that is not there says so", async () => {
    const path = join(folder, "missing.png");
    await expect(readFileBody(path)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringMatching(/^cannot read .*missing\.png: ENOENT/),
    });
  });

  test("that is larger than a message may be is refused with both sizes", async () => {
    const path = join(folder, "film.mp4");
    writeFileSync(path, "");
    truncateSync(path, 2 ** 31);
    await expect(readFileBody(path)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: `${path} has 2147483648 bytes; a message may have 1048576`,
    });
  });
});
