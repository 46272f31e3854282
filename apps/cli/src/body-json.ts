import { type BodyAndType, bodyText } from "@chappe/message";

/** A body in JSON: `text` if it is text, otherwise `base64`. */
export function bodyJson(message: BodyAndType): { readonly text: string } | { readonly base64: string } {
  const text = bodyText(message);
  return text === undefined ? { base64: Buffer.from(message.body).toString("base64") } : { text };
}
