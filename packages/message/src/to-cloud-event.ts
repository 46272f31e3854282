import { isUtf8 } from "node:buffer";
import { ChappeError } from "./chappe-error.ts";
import { type CloudEvent, MAPPED_MEMBERS, UNTYPED } from "./cloud-event.ts";
import { isJson, isUtf8Text } from "./content-type.ts";
import type { Message } from "./message.ts";
import { quote } from "./quote.ts";

// CloudEvents 1.0, "Attribute Naming Convention".
const ATTRIBUTE_NAME = /^[a-z0-9]+$/;

/**
 * A message as a CloudEvent in JSON format: source is the sender, subject the address, and attributes become extension
 * attributes. A JSON body becomes `data`, UTF-8 text too; every other body becomes `data_base64`.
 *
 * @throws ChappeError INVALID_ARGUMENT for an attribute that an event cannot have under its name (a-z and 0-9 only,
 * none that CloudEvents or this mapping uses), and for a broken record
 */
export function toCloudEvent(message: Message): CloudEvent {
  const { correlationId, replyTo, traceparent, orderingKey, ttlMs, contentType } = message;
  return {
    specversion: "1.0",
    id: message.id,
    source: message.sender,
    type: message.type || UNTYPED,
    subject: message.address,
    time: rfc3339(message.timeMs),
    datacontenttype: contentType,
    ...(correlationId !== "" && { correlationid: correlationId }),
    ...(replyTo !== "" && { replyto: replyTo }),
    ...(traceparent !== "" && { traceparent }),
    ...(orderingKey !== "" && { partitionkey: orderingKey }),
    ...(ttlMs !== 0 && { expirytime: rfc3339(message.timeMs + ttlMs) }),
    ...extensions(message.attributes),
    ...data(message.body, contentType),
  };
}

/** RFC 3339 knows the years 0 to 9999; a Date reaches further, and a wire number further still. */
function rfc3339(timeMs: number): string {
  const time = new Date(timeMs);
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999) {
    throw new ChappeError("INVALID_ARGUMENT", `${timeMs} ms is a time after the year 9999, which an event cannot have`);
  }
  return time.toISOString();
}

function extensions(attributes: Readonly<Record<string, string>>): Record<string, string> {
  for (const name of Object.keys(attributes)) {
    if (ATTRIBUTE_NAME.test(name) && !MAPPED_MEMBERS.has(name)) continue;
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `attribute ${quote(name)} cannot be an extension of a CloudEvent; allowed are a-z 0-9, and no name of CloudEvents`,
    );
  }
  return attributes;
}

function data(body: Uint8Array, contentType: string): Pick<CloudEvent, "data" | "data_base64"> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isJson(contentType) && isUtf8(bytes)) {
    try {
      return { data: JSON.parse(bytes.toString("utf8")) };
    } catch {
      // It says JSON and is not. The bytes still arrive.
    }
  } else if (isUtf8Text(contentType) && isUtf8(bytes)) return { data: bytes.toString("utf8") };
  return { data_base64: bytes.toString("base64") };
}
