import { expect, test } from "vitest";
import { BatchBuilder, checkBatch, firstMessageId, type MessageInput, readMessages, withId } from "./index.ts";

function batchOf(input: MessageInput) {
  const builder = new BatchBuilder({ sender: "s", address: "topic:t" });
  builder.add(input, 1_700_000_000_000);
  return builder.finish(new Uint8Array(16), 7);
}

test.each<[string, MessageInput]>([
  ["no id of its own", { body: "x".repeat(200) }],
  ["no body", { body: "" }],
  ["an id and more", { body: "b", id: "own", correlationId: "c", attributes: { a: "1" } }],
])("a message with %s takes another id, and keeps everything else", (_, input) => {
  const batch = batchOf(input);
  const other = withId(withId(batch, "not this one"), "ünd this".repeat(20));
  expect(firstMessageId(other)).toBe("ünd this".repeat(20));
  expect(other.header).toEqual(batch.header);
  checkBatch(other);
  const [before, after] = [batch, other].map(({ header, records }) =>
    readMessages({ header, records, first: 0, count: 1 }).map((message) => [
      message.text(),
      message.correlationId,
      message.attributes,
      message.timeMs,
    ]),
  );
  expect(after).toEqual(before);
});
