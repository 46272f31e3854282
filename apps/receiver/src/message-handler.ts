import { ChappeError } from "@chappe/message";
import type { LineOutput } from "./line-output.ts";
import { type PrintableMessage, messageJson, messageLine } from "./print-message.ts";
import { saveBody } from "./save-body.ts";

/** A message in this program's hands. */
export interface HeldMessage extends PrintableMessage {
  /** Done: it will not be delivered again. */
  ack(): Promise<void>;
  /** No attempt will help: to the dead letters. */
  reject(reason: string): Promise<void>;
}

/** What becomes of messages. */
export interface MessageHandlerOptions {
  readonly output: LineOutput;
  /** Print JSON instead of lines for people. */
  readonly json: boolean;
  /** Folder to save bodies in. */
  readonly out?: string | undefined;
  /** Told of what cannot be read. */
  readonly tell: (line: string) => void;
}

/**
 * Makes the function that saves and prints a message, and acknowledges it once that is done. One that its sender has
 * written wrong goes to the dead letters, because it would be the same the next time.
 *
 * @throws Error (from the function) when it cannot be saved or printed; it has no outcome then
 */
export function messageHandler(options: MessageHandlerOptions): (message: HeldMessage) => Promise<void> {
  const { output, json, out, tell } = options;
  return async (message) => {
    const read = readWhole(message);
    if (read instanceof ChappeError) {
      tell(`rejected a message that cannot be read: ${read.message}`);
      settle(message.reject(read.message));
      return;
    }
    const savedAs = out === undefined ? undefined : await saveBody(out, read);
    await output.write(json ? messageJson(read, savedAs) : messageLine(read, savedAs));
    settle(message.ack());
  };
}

/** An outcome that does not reach the router means that the message comes again, which is all that can be done. */
function settle(outcome: Promise<void>): void {
  outcome.catch(() => {});
}

/** Fields are decoded when they are read; whatever is wrong with them shows here, before anything is done. */
function readWhole(message: PrintableMessage): PrintableMessage | ChappeError {
  try {
    const { id, sender, address, type, contentType, timeMs, correlationId, replyTo } = message;
    const { orderingKey, attributes, body, attempt, redelivered } = message;
    return {
      id,
      sender,
      address,
      type,
      contentType,
      timeMs,
      correlationId,
      replyTo,
      orderingKey,
      attributes,
      body,
      attempt,
      redelivered,
    };
  } catch (error) {
    return ChappeError.from(error);
  }
}
