import { readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { ExitCode } from "@chappe/command-line";
import { checkHealth } from "@chappe/router";
import type { HealthOptions } from "./command-line.ts";

/** Asks a router for its health, says the answer, and resolves with the exit code. */
export async function runHealth(options: HealthOptions, streams: HealthStreams): Promise<number> {
  const { address, timeoutMs } = options;
  try {
    const tlsCa = options.tlsCa === undefined ? undefined : readFileSync(options.tlsCa);
    const status = await checkHealth(address, { timeoutMs, tlsCa });
    streams.stdout.write(`${status}\n`);
    return status === "SERVING" ? ExitCode.OK : ExitCode.FAILED;
  } catch (error) {
    streams.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return ExitCode.FAILED;
  }
}

/** Where the answer goes: the streams of the process, or a test's. */
export interface HealthStreams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}
