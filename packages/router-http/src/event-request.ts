import { isUtf8 } from "node:buffer";
import { ChappeError, type CloudEvent, type FromCloudEvent, fromCloudEvent, MAX_FRAME_BATCHES } from "@chappe/message";
import type { Destination } from "./destination.ts";
import { headerText } from "./header-text.ts";
import { HttpError } from "./http-status.ts";
import { PREFIX, type RequestHeaders, ROUTING_HEADERS } from "./plain-message.ts";

/** Media types of the HTTP binding of CloudEvents 1.0: one event in JSON, and an array of them. */
export const EVENT_TYPE = "application/cloudevents+json";
export const EVENT_BATCH_TYPE = "application/cloudevents-batch+json";

/** What every attribute's header begins with in binary mode. */
const ATTRIBUTE_PREFIX = "ce-";

/** How a request carries what it sends. */
export type ContentMode = "plain" | "binary" | "structured" | "batch";

/**
 * Tells apart a plain body and the three modes of CloudEvents (HTTP Protocol Binding 1.0.2, section 3).
 *
 * @throws HttpError 415 for events in a format other than JSON
 */
export function contentModeOf(headers: RequestHeaders): ContentMode {
  const contentType = headers["content-type"] as string | undefined;
  if (contentType !== undefined && /^application\/cloudevents/i.test(contentType)) {
    const mediaType = contentType.split(";", 1)[0]!.trim().toLowerCase();
    if (mediaType === EVENT_TYPE) return "structured";
    if (mediaType === EVENT_BATCH_TYPE) return "batch";
    throw new HttpError(
      415,
      "UNIMPLEMENTED",
      `Content-Type ${mediaType}: events are taken as ${EVENT_TYPE} and ${EVENT_BATCH_TYPE}`,
    );
  }
  return headers["ce-specversion"] === undefined ? "plain" : "binary";
}

/** A message that was an event, and where it goes. */
export interface EventMessage {
  readonly sender: string;
  readonly address: string;
  readonly message: FromCloudEvent["message"];
}

/**
 * The event of a request in binary mode: attributes in headers, data as it is in the body.
 *
 * @throws ChappeError INVALID_ARGUMENT
 */
export function binaryEvent(headers: RequestHeaders, body: Uint8Array, destination: Destination): EventMessage {
  // Without a prototype, so that "__proto__" is a name like any other.
  const attributes = Object.create(null) as Record<string, unknown>;
  for (const name in headers) {
    if (!name.startsWith(ATTRIBUTE_PREFIX)) continue;
    attributes[name.slice(ATTRIBUTE_PREFIX.length)] = headerText(headers[name] as string, name);
  }
  const { message, ...named } = fromCloudEvent(attributes as CloudEvent, Date.now());
  const contentType = headers["content-type"] as string | undefined;
  return addressed({ ...named, message: { ...message, body, contentType } }, destination);
}

/** The event of a request in structured mode. @throws ChappeError INVALID_ARGUMENT */
export function structuredEvent(body: Buffer, destination: Destination): EventMessage {
  return addressed(fromCloudEvent(parse(body) as CloudEvent, Date.now()), destination);
}

/**
 * The events of a request in batched mode, each by itself: one that is wrong is an error in its place.
 *
 * @throws ChappeError INVALID_ARGUMENT when the body is no array, or one that is too long
 */
export function batchedEvents(body: Buffer, destination: Destination): (EventMessage | ChappeError)[] {
  const events = parse(body);
  if (!Array.isArray(events)) throw invalid("the body must be a JSON array of events");
  if (events.length > MAX_FRAME_BATCHES) {
    throw invalid(`${events.length} events; up to ${MAX_FRAME_BATCHES} are allowed in a batch`);
  }
  return events.map((event: CloudEvent) => {
    try {
      return addressed(fromCloudEvent(event, Date.now()), destination);
    } catch (error) {
      return ChappeError.from(error);
    }
  });
}

/** An event says all about its message itself; a header of ours that would say it again is refused. */
export function checkEventHeaders(headers: RequestHeaders): void {
  for (const name in headers) {
    if (!name.startsWith(PREFIX) || ROUTING_HEADERS.has(name)) continue;
    throw invalid(`header ${name} with a CloudEvent: only ${[...ROUTING_HEADERS].join(", ")} are allowed beside one`);
  }
}

/** An event's own source and subject are kept as attributes where the request overrules them. */
function addressed(event: FromCloudEvent, destination: Destination): EventMessage {
  const sender = destination.sender ?? event.sender;
  const address = destination.address ?? event.address;
  if (address === "") {
    throw invalid(
      'CloudEvent: no destination: give Chappe-To or Chappe-Topic, or a subject such as "receiver:<id>" or "topic:<name>"',
    );
  }
  const overruled = {
    ...(sender !== event.sender && { cesource: event.sender }),
    ...(address !== event.address && event.address !== "" && { cesubject: event.address }),
  };
  if (Object.keys(overruled).length === 0) return { sender, address, message: event.message };
  const attributes = { ...event.message.attributes, ...overruled };
  return { sender, address, message: { ...event.message, attributes } };
}

function parse(body: Buffer): unknown {
  if (!isUtf8(body)) throw invalid("the body is not UTF-8");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new ChappeError("INVALID_ARGUMENT", `the body is not JSON: ${String(cause)}`, { cause });
  }
}

function invalid(message: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", message);
}
