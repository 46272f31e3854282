import { spawn } from "node:child_process";
import { endWithParent } from "@chappe/testing";

/** How a program ended. */
export interface ProgramRun {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program until it ends; it ends with this process at the latest.
 *
 * @throws Error when it cannot be started, or has not ended after `deadlineMs`; then it is killed
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  { env = {}, deadlineMs }: { readonly env?: Readonly<Record<string, string>>; readonly deadlineMs: number },
): Promise<ProgramRun> {
  const child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const callOff = child.pid === undefined ? () => {} : endWithParent({ pid: child.pid });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (output[stream] += text));
  }
  let late = false;
  const impatience = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, deadlineMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (late) throw new Error(`${path} had not ended after ${deadlineMs} ms\n${output.stderr}`);
    return { code, ...output };
  } finally {
    clearTimeout(impatience);
    callOff();
  }
}
