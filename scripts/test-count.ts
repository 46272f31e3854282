/** Prints `N passed, N failed, N skipped` from the report of vitest's json reporter, named as the only argument. */
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
// A file that does not even load has no tests to count as failed; count the file.
const broken = report.testResults.filter(
  (file: { status: string; assertionResults: unknown[] }) =>
    file.status === "failed" && file.assertionResults.length === 0,
).length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(
  `${report.numPassedTests} passed, ${report.numFailedTests + broken} failed` +
    (skipped > 0 ? `, ${skipped} skipped` : ""),
);
