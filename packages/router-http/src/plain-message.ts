import { ChappeError, type MessageInput } from "@chappe/message";
import { headerText } from "./header-text.ts";

/** Headers of a request, with lower-case names, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A message whose body is bytes as they came. */
export type BytesMessage = MessageInput & { readonly body: Uint8Array };

type Option = Exclude<keyof MessageInput, "body" | "attributes">;

/** Where each option of a message stands in a request. Messages, bodies and answers have the same names over gRPC. */
export const OPTION_HEADERS: Readonly<Record<Option, string>> = {
  contentType: "Content-Type",
  type: "Chappe-Type",
  id: "Chappe-Id",
  correlationId: "Chappe-Correlation-Id",
  replyTo: "Chappe-Reply-To",
  traceparent: "traceparent",
  orderingKey: "Chappe-Ordering-Key",
  ttlMs: "Chappe-Ttl-Ms",
  deliverAt: "Chappe-Deliver-At-Unix-Ms",
  deduplicationId: "Chappe-Deduplication-Id",
};

/** What every header of ours begins with. */
export const PREFIX = "chappe-";

/** What a header that carries an attribute begins with; the rest is the attribute's name. */
const ATTRIBUTE_PREFIX = "chappe-attribute-";

/** Headers that say where a message goes and how safe it must be: those go with every kind of body. */
export const ROUTING_HEADERS: ReadonlySet<string> = new Set([
  "chappe-sender",
  "chappe-to",
  "chappe-topic",
  "chappe-durability",
]);

const OPTIONS_BY_HEADER = new Map(
  Object.entries(OPTION_HEADERS).map(([option, header]) => [header.toLowerCase(), option as Option]),
);

/**
 * A plain body as a message: the bytes as they came, and the options that the request's headers name.
 *
 * @throws ChappeError INVALID_ARGUMENT for a header of ours that nobody knows, and for values that cannot be read. What is
 * allowed as a message is checked when it is published.
 */
export function plainMessage(headers: RequestHeaders, body: Uint8Array): BytesMessage {
  const message: { -readonly [Name in keyof BytesMessage]: BytesMessage[Name] } = { body };
  if (headers["content-type"] !== undefined) message.contentType = headers["content-type"] as string;
  if (headers["traceparent"] !== undefined) message.traceparent = headers["traceparent"] as string;
  let attributes: Record<string, string> | undefined;
  for (const name in headers) {
    if (!name.startsWith(PREFIX) || ROUTING_HEADERS.has(name)) continue;
    const text = headerText(headers[name] as string, name);
    if (name.startsWith(ATTRIBUTE_PREFIX)) {
      // Without a prototype, so that "__proto__" is a name like any other.
      attributes ??= Object.create(null) as Record<string, string>;
      attributes[name.slice(ATTRIBUTE_PREFIX.length)] = text;
      continue;
    }
    const option = OPTIONS_BY_HEADER.get(name);
    if (option === undefined) throw unknownHeader(name);
    if (option === "ttlMs" || option === "deliverAt") message[option] = milliseconds(text, name);
    else message[option] = text;
  }
  if (attributes !== undefined) message.attributes = attributes;
  return message;
}

function milliseconds(text: string, header: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ChappeError(
    "INVALID_ARGUMENT",
    `${header} ${JSON.stringify(text)}: must be a whole number of milliseconds, 0 or more`,
  );
}

function unknownHeader(name: string): ChappeError {
  const known = [...ROUTING_HEADERS, ...OPTIONS_BY_HEADER.keys()].filter((header) => header.startsWith(PREFIX));
  return new ChappeError(
    "INVALID_ARGUMENT",
    `unknown header ${name}: known are ${known.join(", ")} and ${ATTRIBUTE_PREFIX}<name>`,
  );
}
