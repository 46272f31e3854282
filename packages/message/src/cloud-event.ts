/**
 * A CloudEvent in the JSON format of CloudEvents 1.0.2, as `JSON.parse` gives it. All members besides the named ones
 * are extension attributes; `null` stands for one that is not set.
 */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  /** The sender. */
  readonly source: string;
  /** The message's type; `chappe.message` for a message that has none, because an event must have one. */
  readonly type: string;
  /** The address. */
  readonly subject?: string | null;
  /** RFC 3339. */
  readonly time?: string | null;
  readonly datacontenttype?: string | null;
  /** A JSON value when `datacontenttype` is JSON, else text. */
  readonly data?: unknown;
  /** Any other body, in base64. */
  readonly data_base64?: string | null;
  readonly [extension: string]: unknown;
}

/** Type of an event whose message has none. */
export const UNTYPED = "chappe.message";

/**
 * Members of an event that have a meaning of their own: attributes of CloudEvents 1.0, and the extensions that Chappe's
 * options map to. `correlationid`, `partitionkey`, `traceparent` and `expirytime` are CloudEvents' documented
 * extensions; `replyto` is ours.
 */
export const MAPPED_MEMBERS: ReadonlySet<string> = new Set([
  "specversion",
  "id",
  "source",
  "type",
  "subject",
  "time",
  "datacontenttype",
  "dataschema",
  "data",
  "data_base64",
  "correlationid",
  "replyto",
  "traceparent",
  "partitionkey",
  "expirytime",
]);
