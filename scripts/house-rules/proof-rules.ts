import type { Violation } from "./violation.ts";

/**
 * What is wrong with the tests that a page of docs/ names as proofs: links whose text is the name of a test and whose target
 * is its file.
 *
 * @param textOf a file's text, by its path from the repository root; undefined for one that is not there
 */
export function proofViolations(path: string, text: string, textOf: (path: string) => string | undefined): Violation[] {
  const found: Violation[] = [];
  text.split("\n").forEach((line, index) => {
    for (const [, name = "", target = ""] of line.matchAll(
      /\[([^\]]+)\]\(([^)]+(?:\.test\.ts|\/promises\/[^)]+\.ts))\)/g,
    )) {
      const file = new URL(target, `file:///${path}`).pathname.slice(1);
      if (textOf(file)?.includes(`"${name}"`) === true) continue;
      found.push({
        where: `${path}:${index + 1}`,
        what: `${file} has no test "${name}"`,
        allowed: "the name of a test there",
      });
    }
  });
  return found;
}
