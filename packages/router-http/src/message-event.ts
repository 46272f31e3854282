import { isUtf8 } from "node:buffer";
import { isJson, isUtf8Text, type Message } from "@chappe/message";
import { z } from "zod";

/** A message as a stream tells of it. */
export const messageEventSchema = z
  .object({
    delivery: z.string().describe("What outcomes are told for. Opaque."),
    attempt: z.int().min(1).describe("1 + failures counted."),
    redelivered: z
      .boolean()
      .describe("It may have been handed out before: by a router that is gone, or out of a store that lost it since."),
    id: z.string(),
    sender: z.string(),
    address: z.string().describe("receiver:<id> or topic:<name>"),
    timeMs: z.int().describe("When it was given to the sender, milliseconds since 1970-01-01 UTC."),
    contentType: z.string(),
    type: z.string().optional(),
    correlationId: z.string().optional(),
    replyTo: z.string().optional(),
    traceparent: z.string().optional(),
    orderingKey: z.string().optional(),
    attributes: z.record(z.string(), z.string()).optional(),
    encoding: z.enum(["utf8", "base64"]).describe("utf8 for JSON and text that is UTF-8, base64 for all other bodies."),
    body: z.string().describe("The bytes of the body, in that encoding."),
  })
  .meta({
    id: "MessageEvent",
    description: "Data of an event named `message`, the default. What is empty is left out.",
  });

/** See {@link messageEventSchema}. */
export type MessageEvent = z.infer<typeof messageEventSchema>;

/** How a message was handed out. */
export type Handing = Pick<MessageEvent, "delivery" | "attempt" | "redelivered">;

/** What a stream tells of a message. @throws ChappeError INVALID_ARGUMENT for a record that is broken */
export function messageEvent(message: Message, handing: Handing): MessageEvent {
  const { contentType, type, correlationId, replyTo, traceparent, orderingKey, attributes } = message;
  const { body: bytes } = message;
  const isText = (isJson(contentType) || isUtf8Text(contentType)) && isUtf8(bytes);
  return {
    ...handing,
    id: message.id,
    sender: message.sender,
    address: message.address,
    timeMs: message.timeMs,
    contentType,
    // JSON leaves out what is undefined.
    type: type || undefined,
    correlationId: correlationId || undefined,
    replyTo: replyTo || undefined,
    traceparent: traceparent || undefined,
    orderingKey: orderingKey || undefined,
    attributes: Object.keys(attributes).length === 0 ? undefined : attributes,
    encoding: isText ? "utf8" : "base64",
    body: isText ? message.text() : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64"),
  };
}
