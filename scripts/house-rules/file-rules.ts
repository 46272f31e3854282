import type { Violation } from "./violation.ts";

/** Lines a source file may have. Beyond it a file holds more than one idea. */
const sourceLines = 400;
/** Tests list cases, so they may be longer. */
const testLines = 500;

const isTest = (path: string) => /\.(test|conformance)\.ts$/.test(path) || path.includes("/conformance/");
const isGenerated = (path: string) => path.includes("/generated/");

/** What the name and the length of one file break. `text` is undefined for a binary file. */
export function fileViolations(path: string, text: string | undefined): Violation[] {
  if (isGenerated(path)) return [];
  const found: Violation[] = [];
  const name = path.split("/").at(-1) ?? path;
  if (/(^|\/)(utils?|types|helpers|common|misc)(\.ts|\/)/.test(path)) {
    found.push({
      where: path,
      what: "the name says nothing about the content",
      allowed: "a file named after its one idea, beside its owner",
    });
  }
  if (name.endsWith(".ts") && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.ts$/.test(name)) {
    found.push({ where: path, what: "the name is not kebab-case", allowed: "lower-case words joined by -" });
  }
  if (text !== undefined && /\.(ts|lua)$/.test(name)) {
    const lines = text.trimEnd().split("\n").length;
    const most = isTest(path) ? testLines : sourceLines;
    if (lines > most) {
      found.push({ where: path, what: `it has ${lines} lines`, allowed: `${most}; split it by idea` });
    }
  }
  return found;
}
