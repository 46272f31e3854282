import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { AskedProcess } from "./asked-process.ts";
import type { Answer } from "./program-channel.ts";

/**
 * A program of another language in a process of its own: each line of its standard input is a question, each of its
 * standard output an answer, both as JSON. It ends when its input does, and so with this process.
 */
export class LineProcess extends AskedProcess {
  constructor(role: string, path: string, args: readonly string[] = []) {
    const child = spawn(path, args, { stdio: ["pipe", "pipe", "pipe"] });
    // Who is gone takes no questions; its end is what is reported.
    child.stdin.on("error", () => {});
    super(role, child, {
      send: (question) => void child.stdin.write(`${JSON.stringify(question)}\n`),
      onAnswer: (take) =>
        void createInterface({ input: child.stdout }).on("line", (line) => take(JSON.parse(line) as Answer)),
      logs: [child.stderr],
    });
  }
}
