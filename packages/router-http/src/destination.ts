import { ChappeError, receiverAddress, topicAddress } from "@chappe/message";
import { headerText } from "./header-text.ts";

/** Who sends and where to, as far as a request says it beside its body. */
export interface Destination {
  readonly sender: string | undefined;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string | undefined;
}

/** What of a request {@link destinationOf} reads. */
export interface DestinationSource {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
}

const PARAMETERS: ReadonlySet<string> = new Set(["sender", "to", "topic"]);

/**
 * Reads the headers `Chappe-Sender`, and `Chappe-To` or `Chappe-Topic`; or the query parameters of the same meaning, for
 * senders that can be told a URL and nothing else.
 *
 * @throws ChappeError INVALID_ARGUMENT when a thing is said twice, for an unknown parameter, and for names outside the
 * grammar
 */
export function destinationOf({ headers, query }: DestinationSource): Destination {
  for (const parameter in query) {
    if (!PARAMETERS.has(parameter))
      throw invalid(`unknown query parameter ${parameter}: allowed are sender, to, topic`);
  }
  const to = onceOf("Chappe-To", headers["chappe-to"], "to", query["to"]);
  const topic = onceOf("Chappe-Topic", headers["chappe-topic"], "topic", query["topic"]);
  if (to !== undefined && topic !== undefined) {
    throw invalid(`two destinations, the receiver "${to}" and the topic "${topic}": exactly one is allowed`);
  }
  return {
    sender: onceOf("Chappe-Sender", headers["chappe-sender"], "sender", query["sender"]),
    address: to !== undefined ? receiverAddress(to) : topic !== undefined ? topicAddress(topic) : undefined,
  };
}

/** Both, or it is an error. @throws ChappeError INVALID_ARGUMENT that names what is missing */
export function needBoth({ sender, address }: Destination): { readonly sender: string; readonly address: string } {
  if (sender === undefined) throw invalid("no sender: give it in the header Chappe-Sender");
  if (address === undefined) {
    throw invalid("no destination: give a receiver in the header Chappe-To, or a topic in Chappe-Topic");
  }
  return { sender, address };
}

function onceOf(header: string, inHeader: unknown, parameter: string, inQuery: unknown): string | undefined {
  if (inHeader === undefined && inQuery === undefined) return undefined;
  if (inHeader !== undefined && inQuery !== undefined) {
    throw invalid(`both the header ${header} and the query parameter ${parameter}: one is allowed`);
  }
  const value = inHeader ?? inQuery;
  if (typeof value !== "string") throw invalid(`${parameter} is given more than once; once is allowed`);
  return inHeader === undefined ? value : headerText(value, header);
}

function invalid(message: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", message);
}
