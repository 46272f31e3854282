import { writeFileSync } from "node:fs";
import { reportPage } from "./html/report-page.ts";
import { type Report, report } from "../result-schema.ts";

/** Files that a report goes to. */
export interface ReportFiles {
  /** For programs, as bench/README.md describes it. */
  readonly json: string | undefined;
  /** For people: one page with plots. */
  readonly html: string | undefined;
}

/** Writes a report to the files asked for. @throws Error when it is not what its schema says, or a file cannot be written */
export function writeReport(written: Report, { json, html }: ReportFiles): void {
  const checked = report.parse(written);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(checked, null, 2)}\n`);
  if (html !== undefined) writeFileSync(html, reportPage(checked));
}
