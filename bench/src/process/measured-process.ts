import { fork } from "node:child_process";
import { AskedProcess } from "./asked-process.ts";
import type { Answer } from "./program-channel.ts";

const preload = new URL("./meter-preload.ts", import.meta.url).href;

/** A Node program in a process of its own, with a meter in it for what it allocates. */
export class MeasuredProcess extends AskedProcess {
  /** @param flags of Node and V8; @default none */
  constructor(role: string, program: URL, env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []) {
    const child = fork(program, {
      execArgv: [...flags, "--import", preload],
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    super(role, child, {
      send: (question, onFailure) =>
        void child.send(question, (error) => {
          if (error !== null) onFailure(error);
        }),
      onAnswer: (take) => void child.on("message", (answer: Answer) => take(answer)),
      logs: [child.stdout, child.stderr],
    });
  }
}
