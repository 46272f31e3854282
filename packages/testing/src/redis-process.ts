import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { endWithParent } from "./end-with-parent.ts";
import type { RedisProgram } from "./redis-program.ts";

/** One run of a Redis server: from its start to its end. `startRedis` strings several together for restarts. */
export interface RedisProcess {
  /** Process id. */
  readonly pid: number;
  /** Ends it with `signal` and resolves when it is gone; SIGKILL follows after five seconds. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

const startDeadlineMs = 20_000;
const endDeadlineMs = 5_000;

/**
 * Starts `program` and resolves once it answers on its unix socket.
 *
 * @param password of its user `default`; undefined: none
 * @throws Error with the server's log when it ends or does not answer within 20 seconds.
 */
export async function startRedisProcess(
  program: RedisProgram,
  settings: Readonly<Record<string, string>>,
  paths: { readonly folder: string; readonly socket: string; readonly configFile?: string },
  password?: string,
): Promise<RedisProcess> {
  const named = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, ...splitSetting(name, value)]);
  // Who needs a file of settings is a sentinel: it writes there what it learns.
  const args = paths.configFile === undefined ? named : [paths.configFile, ...named, "--sentinel"];
  const child = spawn(program.path, args, {
    cwd: paths.folder,
    env: { ...process.env, ...program.env },
    stdio: ["ignore", "pipe", "pipe"],
    // Out of the terminal's process group: Ctrl-C must not end it under tests that are still finishing.
    detached: true,
  });
  const log = keepLog(child);
  if (child.pid === undefined) {
    const [error] = (await once(child, "error")) as [Error];
    throw new Error(`${program.path} cannot be started: ${error.message}`);
  }
  const forget = endWithParent({ pid: child.pid, folder: paths.folder });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      forget();
      resolve();
    });
  });
  child.unref();

  const deadline = performance.now() + startDeadlineMs;
  while (!(await answers(paths.socket, password))) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || performance.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${program.path} ${ended ? "ended" : "did not answer"} at its start:\n${log()}`);
    }
    await delay(3);
  }
  return {
    pid: child.pid,
    async end(signal) {
      child.ref();
      child.kill(signal);
      const impatience = setTimeout(() => child.kill("SIGKILL"), endDeadlineMs);
      await exited;
      clearTimeout(impatience);
    },
  };
}

/** `save ""` is one empty argument; `client-output-buffer-limit a b c` are several. */
function splitSetting(name: string, value: string): string[] {
  return value === "" || name === "dir" || name === "unixsocket" || name.endsWith("-file") ? [value] : value.split(" ");
}

/** Keeps the last lines of what a process prints, and keeps its pipes from filling up or holding this process. */
function keepLog(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-4_000);
    });
    (stream as unknown as { unref?(): void } | null)?.unref?.();
  }
  return () => text;
}

/** Whether a server there answers a PING. While it loads its files it answers with an error, which is not yet. */
async function answers(socketPath: string, password: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
    socket.once("data", (data) => finish(data.toString("latin1").endsWith("+PONG\r\n")));
    socket.write(`${password === undefined ? "" : `AUTH ${password}\r\n`}PING\r\n`);
  });
}
