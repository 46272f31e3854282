import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { withExclusiveLock } from "./exclusive-lock.ts";

const run = promisify(execFile);

/** Packages of the distribution that are to be unpacked, not installed. */
export interface DebianUnpacking {
  /** Name of the folder for them in the cache. */
  readonly name: string;
  /** Packages to have, whether installed or not; what they need and this system lacks comes with them. */
  readonly packages: readonly string[];
  /** Makes what was unpacked fit its place, before it is tried. Default: nothing. */
  readonly prepare?: (home: string) => void;
  /** Whether what stands in this folder runs. */
  readonly works: (home: string) => Promise<boolean>;
}

/** Whether this machine has the package tools that `unpackDebianPackages` works with. */
export async function hasDebianPackages(): Promise<boolean> {
  try {
    await run("apt-get", ["--version"]);
    await run("dpkg", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Programs from the distribution's own packages, downloaded and unpacked into `cacheFolder`. Needs no root and installs
 * nothing. Only the first call of a machine downloads (a few seconds); workers that ask together wait for it.
 *
 * @returns the folder that holds the packages' files, as `/` would
 * @throws Error with the failing command's output when the packages cannot be had.
 */
export async function unpackDebianPackages(cacheFolder: string, unpacking: DebianUnpacking): Promise<string> {
  const { name, packages, prepare, works } = unpacking;
  mkdirSync(cacheFolder, { recursive: true });
  const home = join(cacheFolder, name);
  return withExclusiveLock(join(cacheFolder, `${name}.lock`), async () => {
    if (existsSync(home) && (await works(home))) return home;

    // Unpacked aside and renamed when complete and tried: a killed download leaves no half of a program in the cache.
    const staging = join(cacheFolder, `${name}.partial`);
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    try {
      const aptFolder = join(cacheFolder, `${name}.apt`);
      await downloadAndUnpack(packages, staging, aptFolder);
      rmSync(aptFolder, { recursive: true, force: true });
      prepare?.(staging);
      if (!(await works(staging))) throw new Error(`what was unpacked of ${packages.join(", ")} does not run`);
      rmSync(home, { recursive: true, force: true });
      renameSync(staging, home);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
    return home;
  });
}

async function downloadAndUnpack(packages: readonly string[], target: string, aptFolder: string): Promise<void> {
  try {
    await downloadWith([], packages, target);
  } catch {
    // The system's package list is empty or out of date, and renewing it would need root: read one of our own.
    await downloadWith(await ownPackageList(aptFolder), packages, target);
  }
  for (const archive of readdirSync(target).filter((file) => file.endsWith(".deb"))) {
    await run("dpkg", ["-x", join(target, archive), target]);
    rmSync(join(target, archive));
  }
}

async function downloadWith(aptOptions: string[], packages: readonly string[], target: string): Promise<void> {
  const common = [...aptOptions, "-o", "Debug::NoLocking=1", "-q"];
  // A simulated installation names exactly the packages, libraries included, that this system lacks.
  const simulation = ["--simulate", "--no-install-recommends", "install", ...packages];
  const { stdout } = await run("apt-get", [...common, ...simulation]);
  const missing = [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  await run("apt-get", [...common, ...asRoot(), "download", ...new Set([...missing, ...packages])], { cwd: target });
}

async function ownPackageList(aptFolder: string): Promise<string[]> {
  const lists = join(aptFolder, "lists");
  const archives = join(aptFolder, "archives");
  for (const folder of [lists, archives]) mkdirSync(join(folder, "partial"), { recursive: true });
  const options = [
    `Dir::State::lists=${lists}/`,
    `Dir::Cache::archives=${archives}/`,
    "Dir::Cache::pkgcache=",
    "Dir::Cache::srcpkgcache=",
    // Hooks of the system may want root.
    "APT::Update::Post-Invoke::=",
    "Acquire::Languages=none",
  ].flatMap((option) => ["-o", option]);
  await run("apt-get", [...options, ...asRoot(), "-o", "Debug::NoLocking=1", "-q", "update"], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return options;
}

/** Run as root, apt hands downloads to a user of its own, who may not write into our folder. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["-o", "APT::Sandbox::User=root"] : [];
}
