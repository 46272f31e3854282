import { textTable } from "../report/text-table.ts";
import type { ProfileSummary, SelfTime } from "./self-time.ts";

/** How many functions are worth a line. */
const FUNCTIONS = 25;
const PACKAGES = 12;

/** Where the time of one process went, as text. */
export function profileTable(role: string, { busyMicros, idleMicros, functions, packages }: ProfileSummary): string {
  const busy = (busyMicros / (busyMicros + idleMicros)) * 100;
  return [
    `${role}: busy ${busy.toFixed(0)} % of ${((busyMicros + idleMicros) / 1_000_000).toFixed(1)} s`,
    "",
    table("package", packages.slice(0, PACKAGES), false),
    "",
    table("function", functions.slice(0, FUNCTIONS), true),
  ].join("\n");
}

function table(title: string, times: readonly SelfTime[], withPackage: boolean): string {
  const rows = times.map(({ name, package: owner, selfMicros, share }) => [
    `${(share * 100).toFixed(1)} %`,
    (selfMicros / 1_000).toFixed(0),
    name,
    ...(withPackage ? [owner] : []),
  ]);
  const header = ["self", "ms", title, ...(withPackage ? ["package"] : [])];
  return textTable(header, ["right", "right", "left", "left"], rows);
}
