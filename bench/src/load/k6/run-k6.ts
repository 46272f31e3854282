import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { K6_SCRIPTS } from "../load-options.ts";
import { runProgram } from "../run-program.ts";
import { requireLoadTool } from "../tools/find-load-tool.ts";
import { k6 } from "../tools/load-tool.ts";
import { K6_TREND_STATS, type K6Summary, parseK6Summary } from "./k6-summary.ts";

/** The metric of each script that tells how long storing took: k6's own, except on streams, where it has none. */
const latencyMetrics: Readonly<Record<(typeof K6_SCRIPTS)[number], string>> = {
  unary: "grpc_req_duration",
  ramp: "grpc_req_duration",
  soak: "grpc_req_duration",
  http: "http_req_duration",
  stream: "publish_duration",
};

/** What starting, and waiting for the last answers, may take beyond the time asked for. */
const GRACE_MS = 90_000;

/** A run of one of the scripts in bench/k6. */
export interface K6Run {
  readonly script: (typeof K6_SCRIPTS)[number];
  /** What the script is told, by the names in bench/k6/settings.js. */
  readonly settings: Readonly<Record<string, string | number>>;
  readonly seconds: number;
  /** Whether it must keep the script's thresholds. */
  readonly thresholds: boolean;
}

/**
 * Has k6 run a script.
 *
 * @throws Error when there is no k6, or with its words when a threshold was crossed or the script failed
 */
export async function runK6({ script, settings, seconds, thresholds }: K6Run): Promise<K6Summary> {
  const program = requireLoadTool(k6);
  const folder = await mkdtemp(join(tmpdir(), "chappe-k6-"));
  try {
    const output = join(folder, "summary.json");
    const told = { ...settings, SECONDS: seconds };
    const { code, stdout, stderr } = await runProgram(
      program,
      [
        ...["run", "--quiet", "--no-color", "--no-usage-report", "--address", ""],
        ...["--summary-export", output, "--summary-trend-stats", K6_TREND_STATS],
        ...(thresholds ? [] : ["--no-thresholds"]),
        ...Object.entries(told).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
        fileURLToPath(new URL(`../../../k6/${script}.js`, import.meta.url)),
      ],
      // The newer form of the summary, which k6 2 writes unless told otherwise, leaves the 99th percentile out.
      { env: { K6_NEW_MACHINE_READABLE_SUMMARY: "false" }, deadlineMs: seconds * 1_000 + GRACE_MS },
    );
    if (code !== 0) throw new Error(`k6 ended with ${code}\n${lastLines(stderr)}\n\n${stdout.trim()}`);
    return parseK6Summary(await readFile(output, "utf8"), latencyMetrics[script]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Enough of what k6 logs to see what went wrong: it may say the same for each message. */
function lastLines(text: string): string {
  return text.trim().split("\n").slice(-20).join("\n");
}
