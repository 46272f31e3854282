import { z } from "zod";
import { durabilitySchema } from "./durability.ts";
import { OPTION_HEADERS } from "./plain-message.ts";
import type { Parameter } from "./route.ts";

const name = z.string().regex(/^[A-Za-z0-9._-]{1,200}$/);
const milliseconds = z.int().min(0);

const header = (name: string, description: string, schema: z.ZodType = z.string()): Parameter => ({
  name,
  in: "header",
  description,
  schema,
});

/** Who sends, and where to. */
export const destinationParameters: readonly Parameter[] = [
  header("Chappe-Sender", "Who sends. Needed, but for CloudEvents, where it overrules the source.", name),
  header("Chappe-To", "Id of the receiver. For a CloudEvent this or Chappe-Topic overrules the subject.", name),
  header("Chappe-Topic", "Name of the topic, in place of a receiver.", name),
  ...(["sender", "to", "topic"] as const).map(
    (parameter): Parameter => ({
      name: parameter,
      in: "query",
      description: `As the header Chappe-${parameter[0]!.toUpperCase()}${parameter.slice(1)}, in its place.`,
      schema: name,
    }),
  ),
];

/** What `POST /v1/messages` takes beside its body. */
export const publishParameters: readonly Parameter[] = [
  ...destinationParameters,
  header("Chappe-Durability", "What to wait for.", durabilitySchema.default("accepted")),
  header(OPTION_HEADERS.id, "Id of the message. Default: a new UUIDv7."),
  header(OPTION_HEADERS.type, "Kind of message, such as order.created."),
  header(OPTION_HEADERS.correlationId, "Ties a reply to its request."),
  header(OPTION_HEADERS.replyTo, "Address a reply should go to: receiver:<id> or topic:<name>."),
  header(OPTION_HEADERS.traceparent, "W3C Trace Context; kept with the message."),
  header(OPTION_HEADERS.orderingKey, "Messages with the same key are delivered in order."),
  header(OPTION_HEADERS.ttlMs, "How long the message is worth delivering, from now on. 0: for ever.", milliseconds),
  header(OPTION_HEADERS.deliverAt, "Not to be delivered before, at most 365 days ahead. 0: at once.", milliseconds),
  header(
    OPTION_HEADERS.deduplicationId,
    "The same id of a sender for an address is stored once within the router's window. The receipt names what was.",
  ),
];
