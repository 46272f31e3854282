import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/**
 * This user's folder for programs that were fetched or built. One per distribution release and processor, so that a home
 * folder shared between machines works.
 */
export function cacheFolder(): string {
  const release = /^VERSION_ID="?([\w.]+)/m.exec(osRelease())?.[1] ?? "unknown";
  const distribution = /^ID="?(\w+)/m.exec(osRelease())?.[1] ?? "linux";
  const name = join("chappe", `${distribution}-${release}-${process.arch}`);
  const home = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), name);
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
    return home;
  } catch {
    // Service accounts often have no home. The user id keeps accounts apart.
    return join(tmpdir(), `chappe-cache-${process.getuid?.() ?? 0}`, name);
  }
}

function osRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}
