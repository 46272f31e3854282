import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProfileRequest } from "../end-to-end/take-profiles.ts";
import type { CaseResult } from "../result-schema.ts";
import { type AllocationProfile, summarizeAllocations } from "./allocation-profile.ts";
import { type CpuProfile, summarizeCpu } from "./cpu-profile.ts";
import { allocationTable, cpuTable } from "./profile-table.ts";

/** The profiles of one run. */
export interface ProfiledRun {
  readonly result: CaseResult;
  /** Where the profiles are, one of each process, for Chrome's developer tools: .cpuprofile or .heapprofile. */
  readonly folder: string;
  /** What they say, a table for each kind of process. */
  readonly tables: readonly string[];
}

/** The order of a message's way. */
const ROLES = ["sender", "router", "receiver"];

/** Runs a case with a profiler on in each process of ours, while it is measured. */
export async function runProfile(
  run: (request: ProfileRequest) => Promise<CaseResult>,
  what: ProfileRequest["what"],
): Promise<ProfiledRun> {
  const folder = mkdtempSync(join(tmpdir(), "chappe-profile-"));
  const result = await run({ what, folder });
  const files = readdirSync(folder);
  const tables = ROLES.map((role) => {
    const profiles: unknown[] = files
      .filter((file) => file.startsWith(`${role}-`))
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
    return what === "cpu"
      ? cpuTable(role, summarizeCpu(profiles as CpuProfile[]))
      : allocationTable(role, profiles.length, summarizeAllocations(profiles as AllocationProfile[]));
  });
  return { result, folder, tables };
}
