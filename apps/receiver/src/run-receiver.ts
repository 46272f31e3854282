import { mkdir } from "node:fs/promises";
import type { Writable } from "node:stream";
import { type Chappe, type Handling, type MessageHandler, type ReceivedMessage, connect } from "@chappe/client";
import { ExitCode, onStopSignal, readTls } from "@chappe/command-line";
import { ChappeError } from "@chappe/message";
import { LineOutput, OutputClosed } from "./line-output.ts";
import { messageHandler } from "./message-handler.ts";
import { type ReceiverOptions, sourceText } from "./options.ts";
import { Receiving } from "./receiving.ts";
import { statusLines } from "./status-lines.ts";

/** What the receiver writes to: the streams of the process, or a test's. */
export interface StandardStreams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Messages to hold at once: what the client would ask for by itself. */
const CREDIT_MESSAGES = 1000;

/** Receives what the options ask for, until they or a signal say stop, and resolves with the exit code. */
export async function runReceiver(options: ReceiverOptions, { stdout, stderr }: StandardStreams): Promise<number> {
  const say = (line: string) => void stderr.write(`${line}\n`);
  const tell = options.quiet ? () => {} : say;

  let client: Chappe;
  try {
    const saysStart = options.from.kind === "topic" && options.from.startFrom !== undefined;
    const onStatus = statusLines(sourceText(options.from), saysStart, tell);
    client = connect({ routers: options.routers, tls: readTls(options), onStatus });
  } catch (error) {
    say(`error: ${ChappeError.from(error).message}`);
    return ExitCode.WRONG_USAGE;
  }
  const stopped = Promise.withResolvers<void>();
  const stop = () => stopped.resolve();
  const giveSignalsBack = onStopSignal(stop);
  const { json, out, count } = options;
  const receiving = new Receiving<ReceivedMessage>({
    handle: messageHandler({ output: new LineOutput(stdout), json, out, tell: say }),
    count,
    stop: () => {
      // At once, so that nothing is handed out that would only have to be given back.
      void client.close();
      stop();
    },
  });

  let failure: { readonly error: unknown } | undefined;
  try {
    if (out !== undefined) await mkdir(out, { recursive: true });
    await Promise.race([receive(client, options, (message) => receiving.take(message)), stopped.promise]);
  } catch (error) {
    failure = { error };
  }
  await client.close();
  giveSignalsBack();

  failure ??= receiving.failure;
  if (failure === undefined || failure.error instanceof OutputClosed) return ExitCode.OK;
  say(`error: ${failureText(failure.error)}`);
  return ExitCode.FAILED;
}

/** A ChappeError with its code, anything else (of the file system, mostly) as it says it. */
function failureText(error: unknown): string {
  return error instanceof Error && !(error instanceof ChappeError) ? error.message : String(error);
}

/** Resolves when receiving was ended, and rejects when no router lets this program in (any more). */
async function receive(client: Chappe, options: ReceiverOptions, handler: MessageHandler): Promise<void> {
  const handling = await subscribe(client, options, handler);
  await handling.finished;
}

function subscribe(client: Chappe, options: ReceiverOptions, handler: MessageHandler): Promise<Handling> {
  const { from, consumer, singleActive, count = Number.POSITIVE_INFINITY } = options;
  const messages = Math.min(CREDIT_MESSAGES, count);
  // Lines keep the order in which they are written, so any number may be on their way. Files do not.
  const concurrency = Math.min(options.out === undefined ? CREDIT_MESSAGES : options.concurrency, messages);
  const how = { consumer, singleActive, concurrency, credit: { messages } };
  if (from.kind === "receiver") return client.receive(from.id, how, handler);
  const { topic, subscription, startFrom } = from;
  return client.subscribe(topic, { ...how, subscription, startFrom }, handler);
}
