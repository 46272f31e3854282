/** Content type of text that has no other. */
export const TEXT = "text/plain; charset=utf-8";
/** Content type of bytes that have no other, and of a message that names none. */
export const OCTET_STREAM = "application/octet-stream";
/** Content type of JSON that has no other. */
export const JSON_TYPE = "application/json";

/** Whether a body of this content type is JSON: a subtype of `json`, or one that ends with `+json` (RFC 6839). */
export function isJson(contentType: string): boolean {
  return /^[^\s;/]+\/(?:[^\s;]+\+)?json\s*(?:;|$)/i.test(contentType);
}

/** Whether a body of this content type is text in UTF-8: `text/…` with that charset, or with none. */
export function isUtf8Text(contentType: string): boolean {
  if (!/^text\//i.test(contentType)) return false;
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset);
}
