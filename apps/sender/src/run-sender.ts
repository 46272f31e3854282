import type { Readable, Writable } from "node:stream";
import { type Chappe, connect, type StatusListener } from "@chappe/client";
import { ExitCode, exitCodeOfSignal, onStopSignal, readTls, type StopSignal } from "@chappe/command-line";
import { ChappeError, parseAddress } from "@chappe/message";
import type { SenderOptions } from "./options.ts";
import { outgoing } from "./outgoing.ts";
import { openLoop, unpaced } from "./pace.ts";
import { type ProgressOutput, showProgress } from "./progress.ts";
import { runCancel } from "./run-cancel.ts";
import { type SendingEnd, sendAll } from "./send-all.ts";
import { noticeStalls } from "./stall-notice.ts";
import { statusLines } from "./status-lines.ts";
import { summaryOf, summaryText } from "./summary.ts";
import { Tally } from "./tally.ts";

/** What the sender reads and writes: those of the process, or a test's. */
export interface StandardStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & ProgressOutput;
}

/** Sends what the options ask for, or takes it back, tells about it, and resolves with the exit code. */
export async function runSender(options: SenderOptions, streams: StandardStreams): Promise<number> {
  const { stdin, stdout, stderr } = streams;
  const say = (line: string) => void stderr.write(`${line}\n`);
  const tell = options.quiet ? () => {} : say;

  // Whoever reads the ids may leave; the messages still want to be sent.
  stdout.on("error", () => {});

  const tally = new Tally();
  const stalls = noticeStalls(tally, tell);
  const tellStatus = statusLines(tell);
  const onStatus: StatusListener = (status) => {
    tellStatus(status);
    if (status.kind === "disconnected" || status.kind === "retrying") stalls.note(status.error);
  };

  let client: Chappe;
  try {
    const { routers, timeoutMs: sendTimeoutMs } = options;
    client = connect({ routers, sendTimeoutMs, tls: readTls(options), onStatus });
  } catch (error) {
    stalls.end();
    say(`error: ${ChappeError.from(error).message}`);
    return ExitCode.WRONG_USAGE;
  }

  if (options.cancel !== undefined) {
    stalls.end();
    const code = await runCancel(client.sender(options.from), options.address, options.cancel, say);
    await client.close();
    return code;
  }

  const stop = new AbortController();
  let stoppedBy: StopSignal | undefined;
  const giveSignalsBack = onStopSignal((signal) => {
    stoppedBy = signal;
    stop.abort();
  });
  // Ends a wait for the next line.
  stop.signal.addEventListener("abort", () => stdin.destroy());

  const hideProgress = options.quiet ? () => {} : showProgress(stderr, tally, options.count);
  const sender = client.sender(options.from, { durability: options.durability });
  const { kind, name } = parseAddress(options.address);
  const end = await sendAll({
    groups: outgoing(options, stdin),
    send: (message) =>
      kind === "receiver" ? sender.send({ ...message, to: name }) : sender.publish({ ...message, topic: name }),
    pace: options.rate === undefined ? unpaced() : openLoop(options.rate),
    tally,
    stop,
    ...(options.printIds && { onSafe: ({ id }) => void stdout.write(`${id}\n`) }),
  });
  hideProgress();
  stalls.end();
  await client.close();
  giveSignalsBack();
  stdin.destroy();

  const summary = summaryOf(options.address, end.kind, tally);
  if (options.jsonSummary) stdout.write(`${JSON.stringify(summary)}\n`);
  if (end.kind === "failed") say(failureText(end));
  if (tally.sent > 0) tell(summaryText(summary));
  if (end.kind === "failed") return ExitCode.FAILED;
  return stoppedBy === undefined ? ExitCode.OK : exitCodeOfSignal(stoppedBy);
}

function failureText({ message, error }: Extract<SendingEnd, { kind: "failed" }>): string {
  return message === undefined ? `error: ${error.message}` : `error: message ${message} failed: ${String(error)}`;
}
