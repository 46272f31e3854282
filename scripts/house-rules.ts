/** Checks what no compiler, linter or formatter checks: see CONTRIBUTING.md for the rules and their reasons. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { importViolations, type Manifest, manifestViolations } from "./house-rules/dependency-rules.ts";
import { fileViolations } from "./house-rules/file-rules.ts";
import { lineViolations } from "./house-rules/line-rules.ts";
import { proofViolations } from "./house-rules/proof-rules.ts";
import { describeViolation, type Violation } from "./house-rules/violation.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
// Also files not yet added: a rule broken before the first commit is cheaper to mend than after it.
const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
});
const paths = [...new Set(listed.toString().split("\0").filter(Boolean))];

const violations: Violation[] = [];
for (const path of paths) {
  const text = readText(path);
  violations.push(...fileViolations(path, text));
  if (text === undefined) continue;
  violations.push(...lineViolations(path, text));
  if (path.startsWith("docs/") && path.endsWith(".md")) violations.push(...proofViolations(path, text, readText));
  if (path.endsWith(".ts")) violations.push(...importViolations(path, text));
  const folder = /^(.+)\/package\.json$/.exec(path)?.[1];
  if (folder !== undefined) violations.push(...manifestViolations(folder, JSON.parse(text) as Manifest));
}

for (const violation of violations) console.error(describeViolation(violation));
console.log(`${paths.length} files, ${violations.length} broken house rules`);
if (violations.length > 0) process.exitCode = 1;

/** Undefined for a binary file, and for one deleted but not yet committed. */
function readText(path: string): string | undefined {
  try {
    const bytes = readFileSync(root + path);
    return bytes.includes(0) ? undefined : bytes.toString("utf8");
  } catch {
    return undefined;
  }
}
