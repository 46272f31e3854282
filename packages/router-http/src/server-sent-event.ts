/** What a client does not see: it keeps proxies from taking the connection for dead. */
export const COMMENT = ":\n\n";

/**
 * An event as it stands in a stream, after "Server-sent events" of the HTML standard. JSON has no line breaks outside its
 * texts, so that it takes one line.
 *
 * @param name empty: "message", which EventSource calls an event without a name
 * @param retryMs how long a client that lost the stream waits before it connects again
 */
export function serverSentEvent(name: string, data: object, retryMs?: number): string {
  const retry = retryMs === undefined ? "" : `retry: ${retryMs}\n`;
  return `${retry}${name === "" ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}
