import { ChappeError } from "./chappe-error.ts";
import { checkName } from "./name.ts";
import { quote } from "./quote.ts";

/** The parts of an address. */
export interface Address {
  /** `receiver`: one queue, point-to-point. `topic`: every subscription gets every message. */
  readonly kind: "receiver" | "topic";
  /** Id of the receiver, or name of the topic. */
  readonly name: string;
}

const RECEIVER = "receiver:";
const TOPIC = "topic:";

/** The address of a receiver's queue. @throws ChappeError INVALID_ARGUMENT for an id outside the grammar of names */
export function receiverAddress(id: string): string {
  checkName(id, "receiver");
  return RECEIVER + id;
}

/** The address of a topic. @throws ChappeError INVALID_ARGUMENT for a name outside the grammar of names */
export function topicAddress(name: string): string {
  checkName(name, "topic");
  return TOPIC + name;
}

/**
 * Takes an address apart: `receiver:<id>` or `topic:<name>`.
 *
 * @param what how the error calls the address
 * @default what "address"
 * @throws ChappeError INVALID_ARGUMENT when it is neither, or the name is outside the grammar of names
 */
export function parseAddress(address: string, what = "address"): Address {
  if (typeof address !== "string") {
    throw new ChappeError("INVALID_ARGUMENT", `${what} must be a string, not ${typeof address}`);
  }
  const kind = address.startsWith(RECEIVER) ? "receiver" : address.startsWith(TOPIC) ? "topic" : undefined;
  if (kind === undefined) {
    throw new ChappeError("INVALID_ARGUMENT", `${what} ${quote(address)} must begin with "receiver:" or "topic:"`);
  }
  const name = address.slice(kind.length + 1);
  checkName(name, `${kind} of ${what}`);
  return { kind, name };
}
