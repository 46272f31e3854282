/** Where something happened, as V8 tells it. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** What was spent in a function, or in a package's functions, without what they called. */
export interface SelfCost {
  readonly name: string;
  /** Which package, or `node` for Node's own and `v8` for what is no function: garbage collection, native code. */
  readonly package: string;
  /** Microseconds, or bytes. */
  readonly self: number;
  /** Share of all that was spent. */
  readonly share: number;
}

/** Where it was spent, most first. */
export interface CostSummary {
  readonly total: number;
  readonly functions: readonly SelfCost[];
  readonly packages: readonly SelfCost[];
}

interface Cost {
  readonly name: string;
  readonly package: string;
  self: number;
}

/** Adds costs up by function, wherever it was called from, and by package. */
export class CostLedger {
  readonly #functions = new Map<string, Cost>();
  readonly #packages = new Map<string, Cost>();
  #total = 0;

  /** All costs so far. */
  get total(): number {
    return this.#total;
  }

  add(frame: CallFrame, cost: number): void {
    // Switching a profiler on and off is not the program's work.
    if (frame.url === "node:inspector") return;
    this.#total += cost;
    const owner = packageOf(frame.url);
    const file = frame.url.split("/").at(-1) ?? "";
    const place = file === "" ? "" : ` ${file}:${frame.lineNumber + 1}`;
    costOf(this.#functions, `${frame.functionName || "(anonymous)"}${place}`, owner).self += cost;
    costOf(this.#packages, owner, owner).self += cost;
  }

  summary(): CostSummary {
    const ranked = (costs: ReadonlyMap<string, Cost>): SelfCost[] =>
      [...costs.values()]
        .map((cost) => ({ ...cost, share: cost.self / Math.max(1, this.#total) }))
        .toSorted((a, b) => b.self - a.self);
    return { total: this.#total, functions: ranked(this.#functions), packages: ranked(this.#packages) };
  }
}

function costOf(costs: Map<string, Cost>, name: string, owner: string): Cost {
  const key = `${owner} ${name}`;
  let cost = costs.get(key);
  if (cost === undefined) costs.set(key, (cost = { name, package: owner, self: 0 }));
  return cost;
}

/** Name of the package that a source belongs to. */
export function packageOf(url: string): string {
  if (url === "") return "v8";
  if (url.startsWith("node:")) return "node";
  // Innermost, because pnpm keeps packages inside folders that are named like them.
  const installed = url.split("/node_modules/");
  if (installed.length > 1) {
    const [scope = "", name = ""] = (installed.at(-1) ?? "").split("/");
    return scope.startsWith("@") ? `${scope}/${name}` : scope;
  }
  const own = /\/(packages|apps|proto|bench)\/(?:([^/]+)\/)?(?:src|dist)\//.exec(url);
  if (own === null) return "(other)";
  if (own[1] === "packages") return `@chappe/${own[2]}`;
  return own[1] === "apps" ? `apps/${own[2]}` : (own[1] ?? "(other)");
}
