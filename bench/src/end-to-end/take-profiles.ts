import { join } from "node:path";
import type { AskedProcess } from "../process/asked-process.ts";

/** Which profile to take of each process of ours, while it is measured. */
export interface ProfileRequest {
  readonly what: "cpu" | "allocations";
  /** For a file of each process: `<role>-<number>.cpuprofile` or `.heapprofile`. */
  readonly folder: string;
}

/** Begins to take profiles, where some are asked for. */
export async function startProfiles(
  programs: readonly AskedProcess[],
  request: ProfileRequest | undefined,
): Promise<void> {
  if (request === undefined) return;
  await Promise.all(programs.map((program) => program.ask("startProfile", request.what)));
}

/** Ends it, and writes them. */
export async function stopProfiles(
  programs: readonly AskedProcess[],
  request: ProfileRequest | undefined,
): Promise<void> {
  if (request === undefined) return;
  const ending = request.what === "cpu" ? "cpuprofile" : "heapprofile";
  const ofRole = new Map<string, number>();
  const files = programs.map(({ role }) => {
    const number = (ofRole.get(role) ?? 0) + 1;
    ofRole.set(role, number);
    return join(request.folder, `${role}-${number}.${ending}`);
  });
  await Promise.all(programs.map((program, index) => program.ask("stopProfile", files[index])));
}
