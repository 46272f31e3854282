const TEXT_TYPE =
  /^(?:text\/|application\/(?:json|xml|javascript|yaml|toml|sql|graphql|x-ndjson)$|[^;]+\+(?:json|xml)$)/;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** The part of a message that says whether its body is text. */
export interface BodyAndType {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/**
 * The body as text, when its content type says that it is text in UTF-8 and its bytes are; otherwise undefined. Nothing
 * is replaced, so the text's UTF-8 bytes are the body again.
 */
export function textOf(message: BodyAndType): string | undefined {
  const [type = ""] = message.contentType.split(";", 1);
  if (!TEXT_TYPE.test(type.trim().toLowerCase())) return undefined;
  const charset = CHARSET.exec(message.contentType)?.[1]?.toLowerCase() ?? "utf-8";
  if (charset !== "utf-8" && charset !== "utf8" && charset !== "us-ascii") return undefined;
  try {
    // A byte order mark belongs to the body; the decoder would drop it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(message.body);
  } catch {
    return undefined;
  }
}
