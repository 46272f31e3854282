import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChappeStack, startChappe } from "./chappe-stack.ts";

const PNG = fileURLToPath(new URL("../../sender/examples/telegraph.png", import.meta.url));
const SCRIPTS = "Zażółć 你好 سلام می‌خواهم नमस्ते 👩‍👩‍👧 \u{1F5FC}\r\n\ttab \u0000 end";

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

let chappe: ChappeStack;
let folder: string;
beforeAll(async () => {
  chappe = await startChappe();
  folder = mkdtempSync(join(tmpdir(), "chappe-e2e-"));
});
afterAll(async () => {
  await chappe[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("bodies arrive byte for byte", () => {
  test("as files: text in many scripts, JSON, random bytes, an image, a whole MiB", async () => {
    const files = [
      file("scripts.txt", Buffer.from(SCRIPTS)),
      file("order.json", Buffer.from('{ "id": 12345678901234567890, "name": "ü" }\n')),
      file("random", randomBytes(10_000)),
      PNG,
      file("largest.bin", randomBytes(1_048_576)),
      file("empty.txt", Buffer.alloc(0)),
    ];
    const inbox = join(folder, "inbox");
    const flags = files.flatMap((path) => ["--file", path]);
    const sender = chappe.sender(["--to", "archive", "--print-ids", ...flags]);
    expect(await sender.exit).toMatchObject({ code: 0 });

    const receiver = chappe.receiver(["archive", "--out", inbox, "--count", String(files.length)]);
    expect(await receiver.exit).toMatchObject({ code: 0 });

    const extensions = ["txt", "json", "bin", "png", "bin", "txt"];
    const names = sender.stdout.map((id, index) => `${id}.${extensions[index]}`);
    expect(readdirSync(inbox).toSorted()).toEqual(names.toSorted());
    expect(names.map((name) => digest(readFileSync(join(inbox, name))))).toEqual(
      files.map((path) => digest(readFileSync(path))),
    );
  });

  test("as JSON lines: text as text, JSON as it was written, everything else as base64", async () => {
    const text = SCRIPTS.replace("\u0000", "");
    const json = '{ "id": 12345678901234567890 }';
    const sender = chappe.sender(["--to", "lines", "--type", "order.created", text, "--json", json, "--file", PNG]);
    expect(await sender.exit).toMatchObject({ code: 0 });

    const receiver = chappe.receiver(["lines", "--json", "--count", "3"]);
    expect(await receiver.exit).toMatchObject({ code: 0 });
    const messages = receiver.stdout.map((line) => JSON.parse(line));
    expect(messages).toMatchObject([
      { sender: "sender-01", address: "receiver:lines", type: "order.created", text, attempt: 1 },
      { contentType: "application/json", text: json },
      { contentType: "image/png", base64: readFileSync(PNG).toString("base64") },
    ]);
  });
});

test("the options of a message arrive with it", async () => {
  const args =
    "--to options --from sender-02 --content-type application/vnd.order+json --json 7 " +
    "--correlation-id c-1 --reply-to receiver:sender-02 --ordering-key k --attribute region=eu --attribute empty=";
  const sender = chappe.sender(args.split(" "));
  expect(await sender.exit).toMatchObject({ code: 0 });
  const receiver = chappe.receiver(["options", "--json", "--count", "1"]);
  await receiver.exit;
  expect(JSON.parse(receiver.stdout[0]!)).toMatchObject({
    sender: "sender-02",
    correlationId: "c-1",
    replyTo: "receiver:sender-02",
    orderingKey: "k",
    contentType: "application/vnd.order+json",
    attributes: { region: "eu", empty: "" },
    text: "7",
  });
});
