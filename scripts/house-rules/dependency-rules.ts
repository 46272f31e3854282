import type { Violation } from "./violation.ts";

interface Allowance {
  /** Packages of ours that the package may import. */
  readonly imports: readonly string[];
  /** Further ones that its tests alone may import; @chappe/testing always. */
  readonly tests?: readonly string[];
  /** No sockets, timers, processes, files or drivers. */
  readonly pure?: true;
}

/** Who may know whom: the arrows of ARCHITECTURE.md, by folder. */
const allowances: Readonly<Record<string, Allowance>> = {
  proto: { imports: [] },
  "packages/message": { imports: [], tests: ["proto"], pure: true },
  "packages/broker": { imports: ["message"], pure: true },
  "packages/broker-redis": { imports: ["broker", "message"] },
  "packages/router": { imports: ["proto", "message", "broker"] },
  "packages/router-http": { imports: ["message", "broker"] },
  "packages/client": { imports: ["proto", "message"], tests: ["router", "broker"] },
  "packages/command-line": { imports: ["message"] },
  "packages/testing": { imports: [] },
  "apps/router": {
    imports: ["router", "router-http", "broker", "broker-redis", "command-line", "message"],
    tests: ["client", "proto"],
  },
  "apps/sender": { imports: ["client", "command-line", "message"], tests: ["router", "broker"] },
  "apps/receiver": { imports: ["client", "command-line", "message"], tests: ["router", "broker"] },
  "apps/cli": { imports: ["client", "command-line", "message"], tests: ["router", "broker"] },
  "apps/e2e": { imports: ["client", "testing"] },
  bench: { imports: ["message", "broker", "broker-redis", "client", "testing"] },
};

const impure =
  /^(node:)?(net|http|http2|https|tls|dgram|fs|child_process|cluster|timers|worker_threads)(\/|$)|^ioredis$|^@grpc\//;

/** The parts of a package.json that the rules look at. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What the package.json in `folder` breaks. */
export function manifestViolations(folder: string, manifest: Manifest): Violation[] {
  const where = `${folder}/package.json`;
  const allowance = allowances[folder];
  if (allowance === undefined) {
    return [{ where, what: "an unknown package", allowed: "those in scripts/house-rules/dependency-rules.ts" }];
  }
  const found: Violation[] = [];
  const check = (names: Readonly<Record<string, string>> = {}, allowed: readonly string[]) => {
    for (const [name, version] of Object.entries(names)) {
      const own = ownName(name);
      if (own !== undefined && !allowed.includes(own)) {
        found.push({ where, what: `it depends on ${name}`, allowed: list(allowed) });
      }
      if (version !== (own === undefined ? "catalog:" : "workspace:*")) {
        found.push({
          where,
          what: `${name} has the version ${version}`,
          allowed: "catalog: and workspace:*",
        });
      }
    }
  };
  check(manifest.dependencies, allowance.imports);
  check(manifest.devDependencies, [...allowance.imports, ...(allowance.tests ?? []), "testing"]);
  return found;
}

/** What the imports of one TypeScript file break. `path` is relative to the repository root. */
export function importViolations(path: string, text: string): Violation[] {
  const folder = Object.keys(allowances).find((candidate) => path.startsWith(`${candidate}/`));
  if (folder === undefined || path.includes("/generated/")) return [];
  const { imports, tests = [], pure } = allowances[folder] ?? { imports: [] };
  const isTest = /\.test\.ts$|\/fixtures\//.test(path);
  // A published suite: made of tests, yet it may import only what its package brings along.
  const isSuite = path.includes("/conformance/");
  const allowed = isTest ? [...imports, ...tests, "testing"] : imports;
  const found: Violation[] = [];
  text.split("\n").forEach((line, index) => {
    const specifier = /(?:\bfrom|^import|\bimport\()\s*["']([^"']+)["']/.exec(line)?.[1];
    if (specifier === undefined) return;
    const where = `${path}:${index + 1}`;
    const own = ownName(specifier);
    if (own !== undefined && !allowed.includes(own)) {
      found.push({ where, what: `it imports ${specifier}`, allowed: list(allowed) });
    }
    if (specifier.startsWith(".") && leaves(folder, path, specifier)) {
      found.push({ where, what: `${specifier} reaches into another package`, allowed: "its public exports" });
    }
    if (pure && !isTest && !isSuite && impure.test(specifier)) {
      found.push({
        where,
        what: `a pure package imports ${specifier}`,
        allowed: "values and a clock, passed in",
      });
    }
  });
  return found;
}

function ownName(specifier: string): string | undefined {
  return /^@chappe\/([^/]+)/.exec(specifier)?.[1];
}

function leaves(folder: string, path: string, specifier: string): boolean {
  const resolved = new URL(specifier, `file:///${path}`).pathname.slice(1);
  return !resolved.startsWith(`${folder}/`);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none of ours" : names.map((name) => `@chappe/${name}`).join(", ");
}
