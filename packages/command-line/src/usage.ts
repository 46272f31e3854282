import type { Writable } from "node:stream";
import { ExitCode } from "./exit-codes.ts";

/** What a program tells whoever typed its command line, in place of running. */
export interface Usage {
  /** The help that was asked for; or what is wrong, and what is allowed. */
  readonly kind: "help" | "wrong";
  /** Whole lines. */
  readonly text: string;
}

/** Says what is wrong with a command line that commander took: a line for each problem. */
export function wrongUsage(problems: readonly string[]): Usage {
  const lines = problems.map((problem) => `error: ${problem}\n`);
  return { kind: "wrong", text: `${lines.join("")}(--help lists what is allowed)\n` };
}

/** Tells help on standard output and what is wrong on standard error. Returns the exit code. */
export function tellUsage({ kind, text }: Usage, streams: UsageStreams): number {
  if (kind === "help") {
    streams.stdout.write(text);
    return ExitCode.OK;
  }
  streams.stderr.write(text);
  return ExitCode.WRONG_USAGE;
}

/** Where it is told: the streams of the process, or a test's. */
export interface UsageStreams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}
