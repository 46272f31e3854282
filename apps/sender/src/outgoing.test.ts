import type { MessageInput } from "@chappe/message";
import { expect, test } from "vitest";
import { checkOptions } from "./options.ts";
import { outgoing } from "./outgoing.ts";

/** The messages of a command line's flags and texts, with `input` on standard input. */
async function messages(flags: Record<string, unknown>, texts: readonly string[], input = ""): Promise<MessageInput[]> {
  const raw = { to: "a", from: "b", timeoutMs: "1", ...flags };
  const checked = checkOptions(raw, texts);
  if ("problems" in checked) throw new Error(checked.problems.join("\n"));
  const all: MessageInput[] = [];
  async function* standardInput() {
    yield Buffer.from(input);
  }
  for await (const group of outgoing(checked.options, standardInput())) all.push(...group);
  return all;
}

/** The body of a message as text. */
const text = ({ body }: MessageInput) => Buffer.from(body as string | Uint8Array).toString();

test("several texts are several messages, in order", async () => {
  expect(await messages({}, ["one", "two"])).toEqual([{ body: "one" }, { body: "two" }]);
});

test("JSON goes out as it was written", async () => {
  expect(await messages({ json: ['{ "id": 12345678901234567890 }'] }, [])).toEqual([
    { body: '{ "id": 12345678901234567890 }', contentType: "application/json" },
  ]);
});

test("- stands for the lines of standard input, at its place among the texts", async () => {
  const bodies = (await messages({}, ["first", "-", "last"], "a\nb\n")).map(text);
  expect(bodies).toEqual(["first", "a", "b", "last"]);
});

test("--count goes round through the bodies", async () => {
  const bodies = (await messages({ count: "1000" }, ["x", "y", "z"])).map(text);
  expect(bodies).toHaveLength(1000);
  expect(bodies.every((body, index) => body === "xyz"[index % 3])).toBe(true);
});

test("the header flags go to every message; --content-type wins over what the body suggests", async () => {
  const header = {
    type: "order.created",
    contentType: "application/vnd.order+json",
    correlationId: "c",
    replyTo: "receiver:b",
    orderingKey: "k",
  };
  expect(await messages({ ...header, attribute: ["region=eu=west", "empty="], json: ["7"] }, ["t"])).toEqual([
    { ...header, attributes: { region: "eu=west", empty: "" }, body: "t" },
    { ...header, attributes: { region: "eu=west", empty: "" }, body: "7" },
  ]);
});
