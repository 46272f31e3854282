import type { MessageView } from "@chappe/client/admin";
import { isJson, isUtf8Text } from "@chappe/message";

/** The part of a message that says what its body is. */
type Body = Pick<MessageView, "body" | "bodyBytes" | "contentType">;

/**
 * A body, or its beginning, as text, when its content type says that it is text in UTF-8 and its bytes are; otherwise
 * undefined. A character that was cut off at the end is left out.
 */
export function bodyText({ body, bodyBytes, contentType }: Body): string | undefined {
  if (!isUtf8Text(contentType) && !isJson(contentType)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body, { stream: body.length < bodyBytes });
  } catch {
    return undefined;
  }
}

/** A body in JSON: `text` if it is text, otherwise `base64`. */
export function bodyJson(message: Body): { readonly text: string } | { readonly base64: string } {
  const text = bodyText(message);
  return text === undefined ? { base64: Buffer.from(message.body).toString("base64") } : { text };
}
