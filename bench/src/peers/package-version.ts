import { readFileSync } from "node:fs";

/** Name and version of an installed package, as in "bullmq 6.7.0". */
export function packageVersion(name: string): string {
  // Not every package exports its package.json.
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return `${name} ${version}`;
}
