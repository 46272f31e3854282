import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { endWithParent } from "./end-with-parent.ts";

/** How a program under test is started. */
export interface SpawnProgramOptions {
  /** Environment variables on top of this process's own; undefined removes one. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working folder. Default: this process's own. */
  readonly cwd?: string;
  /** Text for its standard input, which is closed after it. Default: no input. */
  readonly input?: string | Uint8Array;
}

/** How a program ended: with a code, or by a signal. */
export interface ProgramExit {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it; null when it exited by itself. */
  readonly signal: NodeJS.Signals | null;
}

/** A program under test. `await using` kills it if it still runs; so does the end of this process, however it comes. */
export interface ProgramUnderTest extends AsyncDisposable {
  /** Process id. */
  readonly pid: number;
  /** Lines of standard output so far. */
  readonly stdout: readonly string[];
  /** Lines of standard error so far. */
  readonly stderr: readonly string[];
  /** Resolves when it has ended and all its output was read. */
  readonly exit: Promise<ProgramExit>;
  /**
   * The match in the first line, of either stream, past or to come, that matches.
   * @throws Error with all output when the program ends, or `deadlineMs` (default 10,000) pass, without such a line.
   */
  waitForLine(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  /** Sends a signal. Default SIGTERM. Await `exit` for the end. */
  kill(signal?: NodeJS.Signals): void;
}

/**
 * Starts a .ts or .js program with the Node that runs this test.
 *
 * @throws Error when the process cannot be started at all.
 */
export function spawnProgram(
  file: string | URL,
  args: readonly string[] = [],
  options: SpawnProgramOptions = {},
): ProgramUnderTest {
  const path = file instanceof URL ? file.pathname : file;
  const child = spawn(process.execPath, [path, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  if (child.pid === undefined) throw new Error(`${path} cannot be started with ${process.execPath}`);
  // A program may end without reading its input.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input);

  // An aborted test run must not leave its programs behind.
  const forget = endWithParent({ pid: child.pid });

  const onLine = new Set<() => void>();
  const stdout = collectLines(child.stdout, onLine);
  const stderr = collectLines(child.stderr, onLine);
  let ended: ProgramExit | undefined;
  const exit = new Promise<ProgramExit>((resolve) => {
    child.once("close", (code, signal) => {
      forget();
      ended = { code, signal };
      resolve(ended);
      for (const notify of onLine) notify();
    });
  });

  return {
    pid: child.pid,
    stdout,
    stderr,
    exit,
    kill: (signal = "SIGTERM") => void child.kill(signal),
    waitForLine: (pattern, deadlineMs = 10_000) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer);
          onLine.delete(look);
          act();
        };
        const fail = (what: string) => {
          const output = [...stdout, ...stderr].join("\n");
          settle(() => reject(new Error(`No line matched ${pattern} ${what}. Output of ${path}:\n${output}`)));
        };
        const look = () => {
          const match = firstMatch(pattern, stdout) ?? firstMatch(pattern, stderr);
          if (match !== undefined) settle(() => resolve(match));
          else if (ended !== undefined) fail(`before it ended (${ended.signal ?? ended.code})`);
        };
        const timer = setTimeout(() => fail(`within ${deadlineMs} ms`), deadlineMs);
        onLine.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exit;
    },
  };
}

function collectLines(stream: Readable, onLine: ReadonlySet<() => void>): string[] {
  const lines: string[] = [];
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    lines.push(line);
    for (const notify of onLine) notify();
  });
  return lines;
}

function firstMatch(pattern: RegExp, lines: readonly string[]): RegExpExecArray | undefined {
  for (const line of lines) {
    // A pattern with the g flag remembers where it stopped; every line starts afresh.
    pattern.lastIndex = 0;
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}
