import { parseAddress } from "./address.ts";
import { ChappeError } from "./chappe-error.ts";
import { MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES } from "./limits.ts";
import { checkOptionText } from "./option-text.ts";
import { quote } from "./quote.ts";

/** A message as a sender gives it. Whatever is left out has the default named here. */
export interface MessageInput {
  /** Text, bytes, or anything that JSON can hold. `null` is the JSON value null. */
  readonly body: string | Uint8Array | number | boolean | object | null;
  /**
   * Media type of the body.
   *
   * @default "text/plain; charset=utf-8" for text, "application/octet-stream" for bytes, else "application/json"
   */
  readonly contentType?: string | undefined;
  /** What kind of message it is, for example "order.created". @default "" */
  readonly type?: string | undefined;
  /** 1 to 200 bytes. @default a UUIDv7 */
  readonly id?: string | undefined;
  /** Ties a reply to its request. @default "" */
  readonly correlationId?: string | undefined;
  /** Address a reply should go to. @default "" */
  readonly replyTo?: string | undefined;
  /** W3C Trace Context `traceparent`. @default "" */
  readonly traceparent?: string | undefined;
  /** At most 64, keys and values together at most 8 KiB. @default {} */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** Messages with the same key are delivered in order. @default "" (no key) */
  readonly orderingKey?: string | undefined;
  /**
   * How long the message is worth delivering, milliseconds from its sending on. Later it is not handed out any more: the
   * broker makes a dead letter of it, or drops it.
   *
   * @default 0 (for ever)
   */
  readonly ttlMs?: number | undefined;
  /**
   * Not to be delivered before: a date, or milliseconds since 1970-01-01 UTC, at most 365 days ahead. It is stored at once, can
   * be taken back until then, and takes no part in the order of its sender's messages; not together with `orderingKey`.
   *
   * @default 0 (at once)
   */
  readonly deliverAt?: Date | number | undefined;
  /**
   * The same id of the same sender at the same address is stored once within the router's deduplication window, 2 minutes by
   * default: for senders that may send again what an earlier run, or another copy of the program, has sent. 1 to 200 bytes.
   *
   * @default none
   */
  readonly deduplicationId?: string | undefined;
}

const KEYS: ReadonlySet<string> = new Set<keyof MessageInput>([
  "body",
  "contentType",
  "type",
  "id",
  "correlationId",
  "replyTo",
  "traceparent",
  "attributes",
  "orderingKey",
  "ttlMs",
  "deliverAt",
  "deduplicationId",
]);

// W3C Trace Context, "traceparent Header Field Values". Later versions may go on after the flags.
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;

/**
 * Checks that a message has a body and no key that nobody knows: a misspelt option must not be lost in silence.
 *
 * @param destinationKey one more key that is allowed
 * @throws ChappeError INVALID_ARGUMENT that names the key and the allowed ones
 */
export function checkInputKeys(input: MessageInput, destinationKey?: string): void {
  if (typeof input !== "object" || input === null) {
    throw new ChappeError("INVALID_ARGUMENT", `message must be an object with a body, not ${String(input)}`);
  }
  for (const key in input) {
    if (KEYS.has(key) || key === destinationKey) continue;
    const allowed = destinationKey === undefined ? [...KEYS] : [destinationKey, ...KEYS];
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `message has the unknown key ${quote(key)}; allowed are ${allowed.join(", ")}`,
    );
  }
  if (input.body === undefined) {
    throw new ChappeError("INVALID_ARGUMENT", "message has no body; null stands for the JSON value null");
  }
}

/** Checks an id chosen by the sender. @throws ChappeError INVALID_ARGUMENT when it is empty or too long */
export function checkId(id: string): void {
  checkOptionText(id, "id");
  if (id === "") {
    throw new ChappeError("INVALID_ARGUMENT", "id is empty; leave it out to get one, or give 1 to 200 bytes");
  }
}

/** Checks the address of a reply; empty means none. @throws ChappeError INVALID_ARGUMENT when it is no address */
export function checkReplyTo(replyTo: string): void {
  if (replyTo !== "") parseAddress(replyTo, "replyTo");
}

/** Checks a traceparent; empty means none. @throws ChappeError INVALID_ARGUMENT when it has another form */
export function checkTraceparent(traceparent: string): void {
  checkOptionText(traceparent, "traceparent");
  if (traceparent === "" || TRACEPARENT.test(traceparent)) return;
  throw new ChappeError(
    "INVALID_ARGUMENT",
    `traceparent ${quote(traceparent)} must be <2 hex>-<32 hex>-<16 hex>-<2 hex>, in lower case (W3C Trace Context)`,
  );
}

/** Checks number, kind and size of attributes. @throws ChappeError INVALID_ARGUMENT that names the key at fault */
export function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  if (typeof attributes !== "object" || attributes === null) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `attributes must be an object of strings, not ${attributes === null ? "null" : typeof attributes}`,
    );
  }
  const keys = Object.keys(attributes);
  if (keys.length > MAX_ATTRIBUTES) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `attributes: ${keys.length} of them; at most ${MAX_ATTRIBUTES} are allowed`,
    );
  }
  let units = 0;
  for (const key of keys) {
    const value: unknown = attributes[key];
    if (typeof value !== "string") {
      throw new ChappeError("INVALID_ARGUMENT", `attributes[${quote(key)}] must be a string, not ${typeof value}`);
    }
    units += key.length + value.length;
  }
  // A UTF-16 unit takes at most 3 bytes, so that few and short ones need no count.
  if (units * 3 <= MAX_ATTRIBUTE_BYTES) return;
  let bytes = 0;
  for (const key of keys) bytes += Buffer.byteLength(key) + Buffer.byteLength(attributes[key] as string);
  if (bytes > MAX_ATTRIBUTE_BYTES) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `attributes: ${bytes} bytes of keys and values; at most ${MAX_ATTRIBUTE_BYTES} are allowed`,
    );
  }
}
