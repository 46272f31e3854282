import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "../run-program.ts";
import { requireLoadTool } from "../tools/find-load-tool.ts";
import { ghz } from "../tools/load-tool.ts";
import { type GhzReport, parseGhzReport } from "./ghz-report.ts";

/** A unary call, to be made over and over. */
export interface GhzCall {
  /** Host and port of any gRPC server, without TLS. */
  readonly target: string;
  /** `package.Service/Method`. */
  readonly call: string;
  /**
   * File that describes it. ghz 0.93 does not read proto3's `optional`. @default the server is asked, by reflection
   */
  readonly proto?: string;
  /** The request as JSON, a template of Go's: {@link GHZ_CALL_NUMBER} differs in each call. */
  readonly data: string;
  /** Callers, each of which waits for its answer. */
  readonly concurrency: number;
  /** Connections that they share. */
  readonly connections: number;
  /** Calls a second that leave whatever became of the others, or as many as the callers make. */
  readonly rate: number | "max";
  /** How many calls, however long they take; 0: as many as go in the time. */
  readonly calls: number;
  readonly seconds: number;
}

/** The number of a call in 16 digits, counting up from 0, for {@link GhzCall.data}. */
export const GHZ_CALL_NUMBER = "{{printf `%016d` .RequestNumber}}";

/** What starting, and waiting for the last answers, may take beyond the time asked for. */
const GRACE_MS = 60_000;
/** How long a number of calls may take. */
const CALLS_DEADLINE_MS = 86_400_000;

/**
 * Has ghz call a server: any, so that different ones can be held to each other under the same client.
 *
 * @throws Error when there is no ghz, or with its words when it fails, or a call did
 */
export async function runGhz(call: GhzCall): Promise<GhzReport> {
  const program = requireLoadTool(ghz);
  const folder = await mkdtemp(join(tmpdir(), "chappe-ghz-"));
  try {
    const output = join(folder, "report.json");
    const deadlineMs = call.calls > 0 ? CALLS_DEADLINE_MS : call.seconds * 1_000 + GRACE_MS;
    const { code, stdout, stderr } = await runProgram(program, ghzArguments(call, output), { deadlineMs });
    if (code !== 0) throw new Error(`ghz: ${(stderr || stdout).trim()}`);
    const report = parseGhzReport(await readFile(output, "utf8"));
    if (report.failed > 0) {
      throw new Error(`ghz: ${report.failed} of ${report.failed + report.answered} calls failed: ${report.failures}`);
    }
    return report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The command line of ghz. @param output file for its report */
export function ghzArguments(call: GhzCall, output: string): string[] {
  const { target, proto, data, concurrency, connections, rate, calls, seconds } = call;
  return [
    "--insecure",
    ...(proto === undefined ? [] : ["--proto", proto, "--import-paths", dirname(proto)]),
    ...["--call", call.call, "--data", data],
    ...["--concurrency", String(concurrency), "--connections", String(connections)],
    // Async: a call that is due leaves also when every caller still waits for an answer.
    ...(rate === "max" ? [] : ["--rps", String(rate), "--async"]),
    // Wait: calls under way when the time is over are counted like all others, so none can get lost unnoticed.
    ...(calls > 0 ? ["--total", String(calls)] : ["--duration", `${seconds}s`, "--duration-stop", "wait"]),
    ...["--format", "json", "--output", output],
    target,
  ];
}
