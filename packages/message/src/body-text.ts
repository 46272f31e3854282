const TEXT_TYPE =
  /^(?:text\/|application\/(?:json|xml|javascript|yaml|toml|sql|graphql|x-ndjson)$|[^;]+\+(?:json|xml)$)/;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** The part of a message that says what its body is. */
export interface BodyAndType {
  /** The body, or its beginning. */
  readonly body: Uint8Array;
  /** Length of the whole body. @default that of `body` */
  readonly bodyBytes?: number;
  readonly contentType: string;
}

/**
 * A body as text for people, when its content type says that it is text in UTF-8 and its bytes are; otherwise undefined.
 * Nothing is replaced, so the text's UTF-8 bytes are the body again; but a character that was cut off at the end of a
 * beginning is left out.
 */
export function bodyText({ body, bodyBytes = body.length, contentType }: BodyAndType): string | undefined {
  const [type = ""] = contentType.split(";", 1);
  if (!TEXT_TYPE.test(type.trim().toLowerCase())) return undefined;
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
  if (charset !== "utf-8" && charset !== "utf8" && charset !== "us-ascii") return undefined;
  try {
    // A byte order mark belongs to the body; the decoder would drop it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body, { stream: body.length < bodyBytes });
  } catch {
    return undefined;
  }
}
