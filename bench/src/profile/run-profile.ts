import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { type EndToEndRun, runEndToEnd } from "../end-to-end/run-end-to-end.ts";
import type { CaseResult } from "../result-schema.ts";
import { type AllocationProfile, summarizeAllocations } from "./allocation-profile.ts";
import { type CpuProfile, summarizeCpu } from "./cpu-profile.ts";
import { allocationTable, cpuTable } from "./profile-table.ts";

/** The profiles of one run. */
export interface ProfiledRun {
  readonly result: CaseResult;
  /** Where the profiles are, for Chrome's developer tools: .cpuprofile or .heapprofile. */
  readonly folder: string;
  /** What they say, a table for each process. */
  readonly tables: readonly string[];
}

/** Runs an end-to-end case with a profiler on in each process of ours, while it is measured. */
export async function runProfile(run: EndToEndRun, what: "cpu" | "allocations"): Promise<ProfiledRun> {
  const folder = mkdtempSync(join(tmpdir(), "chappe-profile-"));
  const result = await runEndToEnd({ ...run, profile: { what, folder } });
  const tables = readdirSync(folder)
    .toSorted()
    .map((file) => {
      const profile: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const { name } = parse(file);
      return what === "cpu"
        ? cpuTable(name, summarizeCpu(profile as CpuProfile))
        : allocationTable(name, summarizeAllocations(profile as AllocationProfile));
    });
  return { result, folder, tables };
}
