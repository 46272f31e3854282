import { setTimeout as delay } from "node:timers/promises";
import type { Writable } from "node:stream";
import { connectAdmin } from "@chappe/client/admin";
import { ExitCode, readTls } from "@chappe/command-line";
import { ChappeError, type ErrorCode, harmless } from "@chappe/message";
import type { Task } from "./command-line.ts";
import { type Asking, confirm } from "./confirm.ts";
import type { CommonFlags } from "./flags.ts";
import { Refusal } from "./refusal.ts";

/** How it looks when the address is no router's, or one where a router serves senders and receivers. */
const NOT_THERE: ReadonlySet<ErrorCode> = new Set(["UNAVAILABLE", "UNIMPLEMENTED"]);

const WHERE_OPERATORS_ARE_SERVED =
  "Is --router (CHAPPE_ROUTER) the address where a router serves operators? That is its --admin-listen " +
  "(CHAPPE_ADMIN_LISTEN), which is off by default.";

/** What the program reads and writes: the streams of the process, or a test's. */
export interface StandardStreams {
  readonly stdin: Asking["input"];
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Does what a command line asks for, and resolves with the exit code. */
export async function runChappe(
  task: Task,
  { router, json = false, yes = false, timeoutMs, tls = false, tlsCa, tlsCert, tlsKey }: CommonFlags,
  { stdin, stdout, stderr }: StandardStreams,
): Promise<number> {
  const tell = (line: string) => void stderr.write(`${line}\n`);
  try {
    using admin = connectAdmin({ router, timeoutMs, tls: readTls({ tls, tlsCa, tlsCert, tlsKey }) });
    await task({
      admin,
      json,
      print: (line) => void stdout.write(`${line}\n`),
      tell,
      confirm: async (question) => {
        if (!yes) refuseUnlessYes(await confirm(question, { input: stdin, output: stderr }), question);
      },
      wait: (ms) => delay(ms),
    });
    return ExitCode.OK;
  } catch (error) {
    if (error instanceof Refusal) {
      tell(error.message);
      return error.exitCode;
    }
    const { code, message } = ChappeError.from(error);
    tell(`error: ${harmless(message)}`);
    if (NOT_THERE.has(code)) tell(WHERE_OPERATORS_ARE_SERVED);
    return code === "INVALID_ARGUMENT" ? ExitCode.WRONG_USAGE : ExitCode.FAILED;
  }
}

function refuseUnlessYes(answer: Awaited<ReturnType<typeof confirm>>, question: string): void {
  switch (answer) {
    case "yes":
      return;
    case "no":
      throw new Refusal("nothing was changed", ExitCode.FAILED);
    case "nobody to ask":
      throw new Refusal(
        `error: ${question} There is no terminal to ask at: say --yes if that is meant`,
        ExitCode.WRONG_USAGE,
      );
  }
}
