import { textTable } from "../report/text-table.ts";
import type { CostSummary, SelfCost } from "./self-cost.ts";

/** How many functions and packages are worth a line. */
const FUNCTIONS = 25;
const PACKAGES = 12;

/** Where the time of one process went, as text. */
export function cpuTable(role: string, summary: CostSummary & { readonly idle: number }): string {
  const all = summary.total + summary.idle;
  const busy = `${((summary.total / all) * 100).toFixed(0)} % of ${(all / 1_000_000).toFixed(1)} s`;
  return profileTable(`${role}: busy ${busy}`, { summary, unit: "ms", per: 1_000 });
}

/** What one process allocated, as text. */
export function allocationTable(role: string, summary: CostSummary): string {
  const total = `${(summary.total / 1_048_576).toFixed(0)} MiB allocated in V8's heap`;
  return profileTable(`${role}: ${total}`, { summary, unit: "KiB", per: 1_024 });
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
