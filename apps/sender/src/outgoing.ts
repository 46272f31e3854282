import type { MessageInput } from "@chappe/message";
import { readFileBody } from "./file-body.ts";
import { messageHeader } from "./message-header.ts";
import type { SenderOptions } from "./options.ts";
import { linesOf } from "./stdin-lines.ts";

type Body = Pick<MessageInput, "body" | "contentType">;

/** How many messages {@link outgoing} hands over together when it goes round through the bodies. */
const GROUP = 256;

/**
 * The messages to send, in order, in groups of any size: nothing is read before it is asked for.
 *
 * @throws ChappeError NOT_FOUND or INVALID_ARGUMENT when a file or a line cannot be a message
 */
export async function* outgoing(
  options: SenderOptions,
  standardInput: AsyncIterable<Uint8Array>,
): AsyncGenerator<MessageInput[]> {
  const header = messageHeader(options);
  const bodies = bodiesOf(options, standardInput);
  const groups = options.count === undefined ? bodies : goingRound(bodies, options.count);
  for await (const group of groups) {
    yield group.map((body) => ({ ...body, ...header }));
  }
}

async function* bodiesOf(
  options: SenderOptions,
  standardInput: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Body[]> {
  for (const text of options.texts) {
    if (text !== "-") yield [{ body: text }];
    else {
      for await (const lines of linesOf(standardInput)) {
        yield lines.map((line) => ({ body: line, contentType: "text/plain; charset=utf-8" }));
      }
    }
  }
  // JSON goes out as it was written: parsing it and writing it again would change numbers beyond 2^53.
  for (const text of options.json) yield [{ body: text, contentType: "application/json" }];
  for (const path of options.files) yield [await readFileBody(path)];
}

async function* goingRound(bodies: AsyncIterable<readonly Body[]>, count: number): AsyncGenerator<readonly Body[]> {
  const all: Body[] = [];
  for await (const group of bodies) all.push(...group);
  for (let sent = 0; sent < count; sent += GROUP) {
    const length = Math.min(GROUP, count - sent);
    yield Array.from({ length }, (_, index) => all[(sent + index) % all.length]!);
  }
}
