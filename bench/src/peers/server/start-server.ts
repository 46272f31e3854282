import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { endWithParent } from "@chappe/testing";
import type { Server } from "../../end-to-end/system.ts";
import { accepts } from "../../process/accepts.ts";
import { processTree } from "./process-tree.ts";

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;
const LOOK_MS = 50;
const LOG_CHARACTERS = 4_000;

/** How a server is started. */
export interface ServerStart {
  /** What kind of process it is. */
  readonly role: string;
  readonly path: string;
  readonly args: readonly string[];
  /** On top of this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder, where some leave what they have to say when they crash. */
  readonly cwd: string;
  /** The port of 127.0.0.1 on which it accepts connections once it is ready. */
  readonly port: number;
}

/** A server of others that runs. */
export interface RunningServer extends Server, AsyncDisposable {
  /** Ends it as an operator would. */
  stop(): Promise<void>;
}

/**
 * Starts a server in a process group of its own, which goes with this process however that ends.
 *
 * @throws Error with the end of its output when it ends, or is not ready within a minute
 */
export async function startServer({ role, path, args, env, cwd, port }: ServerStart): Promise<RunningServer> {
  const child = spawn(path, args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      log = (log + chunk).slice(-LOG_CHARACTERS);
    });
  }
  child.once("error", (error) => {
    log += error.message;
  });
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    child.once("close", () => {
      ended = true;
      resolve();
    });
  });
  const { pid } = child;
  if (pid === undefined) {
    await exit;
    throw new Error(`${path} cannot be started: ${log}`);
  }
  // A negative id is that of the whole group: start scripts have children.
  const forget = endWithParent({ pid: -pid });
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    if (!ended) process.kill(signal === "SIGKILL" ? -pid : pid, signal);
    const impatience = setTimeout(() => process.kill(-pid, "SIGKILL"), STOP_DEADLINE_MS);
    await exit;
    clearTimeout(impatience);
    forget();
  };
  const deadline = performance.now() + START_DEADLINE_MS;
  while (!(await accepts(port))) {
    const early = ended;
    if (early || performance.now() > deadline) {
      await end("SIGKILL");
      throw new Error(`${path} ${early ? "ended" : "was not ready"} at its start:\n${log}`);
    }
    await delay(LOOK_MS);
  }
  return {
    role,
    pids: () => (ended ? [] : processTree(pid)),
    stop: () => end("SIGTERM"),
    [Symbol.asyncDispose]: () => end("SIGKILL"),
  };
}
