import { textTable } from "../report/text-table.ts";
import type { CpuSummary } from "./cpu-profile.ts";
import type { CostSummary, SelfCost } from "./self-cost.ts";

/** How many functions and packages are worth a line. */
const FUNCTIONS = 25;
const PACKAGES = 12;

/** Where the time of the processes of a kind went, as text. */
export function cpuTable(role: string, summary: CpuSummary): string {
  const secondsEach = (summary.total + summary.idle) / 1_000_000 / Math.max(1, summary.busy.length);
  const shares = summary.busy.map((share) => `${(share * 100).toFixed(0)} %`).join(", ");
  const title = `${counted(role, summary.busy.length)}: busy ${shares} of ${secondsEach.toFixed(1)} s`;
  return profileTable(title, { summary, unit: "ms", per: 1_000 });
}

/** What the processes of a kind allocated, as text. */
export function allocationTable(role: string, processes: number, summary: CostSummary): string {
  const total = `${(summary.total / 1_048_576).toFixed(0)} MiB allocated in V8's heap`;
  return profileTable(`${counted(role, processes)}: ${total}`, { summary, unit: "KiB", per: 1_024 });
}

function counted(role: string, processes: number): string {
  return processes === 1 ? role : `${processes} ${role}s`;
}

interface ProfileColumns {
  readonly summary: CostSummary;
  readonly unit: string;
  /** How much of a cost makes one unit. */
  readonly per: number;
}

function profileTable(title: string, columns: ProfileColumns): string {
  const { packages, functions } = columns.summary;
  const byPackage = textTable(
    ["self", columns.unit, "package"],
    ["right", "right", "left"],
    packages.slice(0, PACKAGES).map((cost) => cells(cost, columns)),
  );
  const byFunction = textTable(
    ["self", columns.unit, "function", "package"],
    ["right", "right", "left", "left"],
    functions.slice(0, FUNCTIONS).map((cost) => [...cells(cost, columns), cost.package]),
  );
  return [title, "", byPackage, "", byFunction].join("\n");
}

function cells({ name, self, share }: SelfCost, { per }: ProfileColumns): string[] {
  return [`${(share * 100).toFixed(1)} %`, (self / per).toFixed(0), name];
}
