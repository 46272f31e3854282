import type { Violation } from "./violation.ts";

interface LineRule {
  readonly pattern: RegExp;
  readonly files: RegExp;
  readonly what: string;
  readonly allowed: string;
}

const typeScript = /\.ts$/;
const tests = /\.(test|conformance)\.ts$|\/conformance\//;
const everything = /./;

const rules: readonly LineRule[] = [
  {
    pattern: /^\s*(export\s+)?(declare\s+)?(const\s+)?enum\s+\w/,
    files: typeScript,
    what: "an enum is not erasable",
    allowed: "an `as const` table",
  },
  {
    pattern: /\b(test|it|describe|suite|bench)(\.\w+)*\.(only|skip|todo|fails)\b|\b(fit|xit|fdescribe|xdescribe)\(/,
    files: tests,
    what: "a test is left out, or leaves out the others",
    allowed: "skipIf(condition) or runIf(condition) where the machine lacks something",
  },
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b(?!\([^)]{3,}\))/,
    files: /\.(ts|lua|proto|sh)$/,
    what: "an open end without its reason",
    allowed: "TODO(what it waits for)",
  },
  {
    pattern: /\bas any\b|<any>/,
    files: typeScript,
    what: "`any` switches the checks off",
    allowed: "unknown, narrowed",
  },
  {
    pattern: /@ts-(ignore|nocheck)|@ts-expect-error\s*(\*\/|$)/,
    files: typeScript,
    what: "the type checker is switched off",
    allowed: "@ts-expect-error with the reason after it, on one line",
  },
  {
    pattern: /(oxlint|eslint)-disable(?!.* -- \S)/,
    files: typeScript,
    what: "a lint rule is switched off without a reason",
    allowed: "oxlint-disable-next-line rule -- reason",
  },
  {
    pattern: /(?<![\w.)}-])\/(work|root|Users\/\w+|home\/(?!node\b)\w+)\//,
    files: everything,
    what: "a path of one machine",
    allowed: "paths relative to the file or the repository",
  },
  {
    pattern:
      /\b(registry\.(npmjs\.org|yarnpkg\.com)|deb\.debian\.org|security\.debian\.org|(files\.)?pythonhosted\.org|static\.crates\.io|index\.crates\.io|proxy\.golang\.org|repo1?\.maven\.(org|apache\.org))\b/,
    files: everything,
    what: "the host of a package registry",
    allowed: "package names; the client knows its registry",
  },
];

/** These name what the rules look for. */
const exempt = /^scripts\/house-rules\//;

/** What the lines of one text file break. */
export function lineViolations(path: string, text: string): Violation[] {
  if (exempt.test(path) || path.includes("/generated/")) return [];
  const applying = rules.filter((rule) => rule.files.test(path));
  return text
    .split("\n")
    .flatMap((line, index) =>
      applying
        .filter((rule) => rule.pattern.test(line))
        .map(({ what, allowed }) => ({ where: `${path}:${index + 1}`, what, allowed })),
    );
}
