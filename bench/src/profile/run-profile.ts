import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type EndToEndRun, runEndToEnd } from "../end-to-end/run-end-to-end.ts";
import type { CaseResult } from "../result-schema.ts";
import { type CpuProfile, type ProfileSummary, summarizeProfile } from "./self-time.ts";

/** The profiles of one run. */
export interface ProfiledRun {
  readonly result: CaseResult;
  /** Where the .cpuprofile files are, for Chrome's developer tools or speedscope. */
  readonly folder: string;
  readonly summaries: readonly { readonly role: string; readonly summary: ProfileSummary }[];
}

/** Runs an end-to-end case with the CPU profiler on, from the start of each process to its end. */
export async function runProfile(run: EndToEndRun): Promise<ProfiledRun> {
  const folder = mkdtempSync(join(tmpdir(), "chappe-profile-"));
  const result = await runEndToEnd({ ...run, profileFolder: folder });
  const summaries = readdirSync(folder)
    .toSorted()
    .map((file) => ({
      role: basename(file, ".cpuprofile"),
      summary: summarizeProfile(JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile),
    }));
  return { result, folder, summaries };
}
