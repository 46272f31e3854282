import { ChappeError } from "./chappe-error.ts";
import { type CloudEvent, MAPPED_MEMBERS, UNTYPED } from "./cloud-event.ts";
import { isJson, JSON_TYPE } from "./content-type.ts";
import type { MessageInput } from "./message-input.ts";
import { quote } from "./quote.ts";

/** What a CloudEvent says, in Chappe's words. */
export interface FromCloudEvent {
  /** The event's source. It is a name of Chappe only if the event came from there. */
  readonly sender: string;
  /** The event's subject, empty when it has none. It is an address of Chappe only if the event came from there. */
  readonly address: string;
  /** Ready to be sent. Its time will be the time of sending. */
  readonly message: MessageInput;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/**
 * A CloudEvent in JSON format as a message: the way back of `toCloudEvent`. Extension attributes become attributes;
 * numbers and booleans among them become text.
 *
 * @param sentAtMs when the message will be sent, milliseconds since 1970-01-01 UTC, so that it expires when the event does; one
 * whose expiry is over by then is worth delivering for a millisecond more. Default: an expiry is kept as the distance from the
 * event's own time
 * @throws ChappeError INVALID_ARGUMENT for what is no CloudEvent 1.0, with the member at fault; the limits of messages
 * are checked when the message is sent
 */
export function fromCloudEvent(event: CloudEvent, sentAtMs?: number): FromCloudEvent {
  if (typeof event !== "object" || event === null) refuse(`must be an object, not ${String(event)}`);
  if (event.specversion !== "1.0") refuse(`specversion is ${show(event.specversion)}; only "1.0" is known`);
  const type = required(event, "type");
  return {
    sender: required(event, "source"),
    address: optional(event, "subject") ?? "",
    message: {
      ...content(event),
      id: required(event, "id"),
      type: type === UNTYPED ? "" : type,
      correlationId: optional(event, "correlationid"),
      replyTo: optional(event, "replyto"),
      traceparent: optional(event, "traceparent"),
      orderingKey: optional(event, "partitionkey"),
      ttlMs: ttlMsOf(event, sentAtMs),
      attributes: attributesOf(event),
    },
  };
}

function content(event: CloudEvent): Pick<MessageInput, "body" | "contentType"> {
  const contentType = optional(event, "datacontenttype");
  const base64 = optional(event, "data_base64");
  if (base64 !== undefined) {
    if (event.data !== undefined) refuse("has both data and data_base64; only one is allowed");
    if (!BASE64.test(base64)) refuse("data_base64 is not base64");
    return { body: Buffer.from(base64, "base64"), contentType };
  }
  if (event.data === undefined) return { body: new Uint8Array(0), contentType };
  if (contentType === undefined || isJson(contentType)) {
    return { body: JSON.stringify(event.data), contentType: contentType ?? JSON_TYPE };
  }
  if (typeof event.data !== "string") {
    refuse(`data is ${show(event.data)}, but datacontenttype ${quote(contentType)} needs text or data_base64`);
  }
  return { body: event.data, contentType };
}

function ttlMsOf(event: CloudEvent, sentAtMs: number | undefined): number | undefined {
  const expiry = optional(event, "expirytime");
  if (expiry === undefined) return undefined;
  const time = optional(event, "time");
  const ttlMs = time === undefined ? Number.NaN : Date.parse(expiry) - Date.parse(time);
  if (!(ttlMs > 0)) refuse(`expirytime ${quote(expiry)} must be a time after time ${show(time)}`);
  return sentAtMs === undefined ? ttlMs : Math.max(1, Date.parse(expiry) - Math.floor(sentAtMs));
}

function attributesOf(event: CloudEvent): Record<string, string> | undefined {
  const extensions = Object.entries(event).filter(
    ([name, value]) => !MAPPED_MEMBERS.has(name) && value !== null && value !== undefined,
  );
  if (extensions.length === 0) return undefined;
  // `fromEntries` defines, so that "__proto__" is a key like any other.
  return Object.fromEntries(extensions.map(([name, value]) => [name, attributeText(name, value)]));
}

function attributeText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return refuse(`${name} is ${show(value)}; text, numbers and booleans are allowed`);
}

function required(event: CloudEvent, member: string): string {
  const value = optional(event, member);
  if (value === undefined || value === "") refuse(`${member} is missing`);
  return value;
}

function optional(event: CloudEvent, member: string): string | undefined {
  const value = event[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") refuse(`${member} is ${show(value)}; text is needed`);
  return value;
}

function show(value: unknown): string {
  return quote(String(value));
}

function refuse(problem: string): never {
  throw new ChappeError("INVALID_ARGUMENT", `CloudEvent: ${problem}`);
}
