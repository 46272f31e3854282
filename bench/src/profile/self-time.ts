/** The parts of a V8 CPU profile (`--cpu-prof`, Chrome's Profiler.Profile) that count here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Id of the node at work, sample by sample. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** Time spent in a function, or in a package's functions, without what they called. */
export interface SelfTime {
  readonly name: string;
  /** Which package, or `node` for Node's own and `v8` for what is no function: garbage collection, native code. */
  readonly package: string;
  readonly selfMicros: number;
  /** Share of the time in which the process was not idle. */
  readonly share: number;
}

/** Where the time of one process went. */
export interface ProfileSummary {
  readonly busyMicros: number;
  readonly idleMicros: number;
  /** Most first. */
  readonly functions: readonly SelfTime[];
  /** Most first. */
  readonly packages: readonly SelfTime[];
}

/** Adds a profile up by function and by package. */
export function summarizeProfile(profile: CpuProfile): ProfileSummary {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, { package: string; selfMicros: number }>();
  const packages = new Map<string, { package: string; selfMicros: number }>();
  let busyMicros = 0;
  let idleMicros = 0;
  profile.samples.forEach((id, index) => {
    const frame = frames.get(id);
    // A delta leads up to its sample, so it is the time of that sample's function.
    const micros = Math.max(0, profile.timeDeltas[index] ?? 0);
    // Switching the profiler on and off is not the program's work.
    if (frame === undefined || frame.url === "node:inspector") return;
    if (frame.functionName === "(idle)") {
      idleMicros += micros;
      return;
    }
    busyMicros += micros;
    const owner = packageOf(frame.url);
    const file = frame.url.split("/").at(-1) ?? "";
    const name = `${frame.functionName || "(anonymous)"}${file === "" ? "" : ` ${file}:${frame.lineNumber + 1}`}`;
    add(functions, name, owner, micros);
    add(packages, owner, owner, micros);
  });
  const ranked = (times: typeof functions): SelfTime[] =>
    [...times]
      .map(([key, time]) => ({
        name: key.split("\0")[0] ?? key,
        ...time,
        share: time.selfMicros / Math.max(1, busyMicros),
      }))
      .toSorted((a, b) => b.selfMicros - a.selfMicros);
  return { busyMicros, idleMicros, functions: ranked(functions), packages: ranked(packages) };
}

function add(times: Map<string, { package: string; selfMicros: number }>, name: string, owner: string, micros: number) {
  const key = `${name}\0${owner}`;
  const time = times.get(key);
  if (time === undefined) times.set(key, { package: owner, selfMicros: micros });
  else time.selfMicros += micros;
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
