/** Generates the types of the wire contract again and fails when they differ from what was there. */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const generated = fileURLToPath(new URL("../proto/src/generated/", import.meta.url));

function snapshot(): Map<string, string> {
  const files = globSync("**/*.ts", { cwd: generated });
  return new Map(files.map((file) => [file, readFileSync(generated + file, "utf8")]));
}

const before = snapshot();
execFileSync(process.execPath, [fileURLToPath(new URL("../proto/generate.ts", import.meta.url))], {
  stdio: "inherit",
});
const after = snapshot();

const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
  (file) => before.get(file) !== after.get(file),
);
if (differing.length > 0) {
  console.error("proto/src/generated/ was out of step with proto/chappe/. It is right now: commit it. Differing:");
  for (const file of differing.sort()) console.error(`  ${file}`);
  process.exitCode = 1;
} else {
  console.log(`${after.size} generated files are in step with the contract`);
}
