import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A public package, packed as a release would publish it. */
export interface PackedPackage {
  readonly name: string;
  /** A library is imported; a program is run. */
  readonly kind: "library" | "program";
  /** Absolute path of its .tgz file. */
  readonly tarball: string;
}

/**
 * Packs every public package of the workspace into `folder`. Build first: what is packed is dist/.
 *
 * @throws Error when a package cannot be packed.
 */
export function packPackages(folder: string): PackedPackage[] {
  return globSync(["proto/package.json", "{packages,apps}/*/package.json"], { cwd: root })
    .map((path) => ({ path, manifest: JSON.parse(readFileSync(root + path, "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ path, manifest }) => {
      const tarball = `${folder}/${manifest.name.replace("@", "").replace("/", "-")}.tgz`;
      execFileSync("pnpm", ["pack", "--out", tarball], {
        cwd: root + path.replace("/package.json", ""),
        stdio: ["ignore", "ignore", "inherit"],
      });
      return { name: manifest.name, kind: manifest.exports ? "library" : "program", tarball };
    });
}
