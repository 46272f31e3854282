import { execFile } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { withExclusiveLock } from "./exclusive-lock.ts";
import { type RedisProgram, redisVersion } from "./redis-program.ts";

const run = promisify(execFile);

/** Whether this machine has the package tools that `unpackDebianRedis` works with. */
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
 * Redis from the distribution's own packages, downloaded and unpacked into `cacheFolder`. Needs no root and installs
 * nothing. Only the first call of a machine downloads (a few seconds); workers that ask together wait for it.
 *
 * @throws Error with the failing command's output when the packages cannot be had.
 */
export async function unpackDebianRedis(cacheFolder: string): Promise<RedisProgram> {
  mkdirSync(cacheFolder, { recursive: true });
  const home = join(cacheFolder, "redis");
  return withExclusiveLock(join(cacheFolder, "redis.lock"), async () => {
    const cached = await workingProgram(home);
    if (cached !== undefined) return cached;

    // Unpacked aside and renamed when complete and tried: a killed download leaves no half of a Redis in the cache.
    const staging = join(cacheFolder, "redis.partial");
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    try {
      const aptFolder = join(cacheFolder, "apt");
      await downloadAndUnpack(staging, aptFolder);
      rmSync(aptFolder, { recursive: true, force: true });
      if ((await workingProgram(staging)) === undefined) {
        throw new Error(`the unpacked redis-server in ${staging} does not run`);
      }
      rmSync(home, { recursive: true, force: true });
      renameSync(staging, home);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
    return programIn(home);
  });
}

async function downloadAndUnpack(target: string, aptFolder: string): Promise<void> {
  try {
    await downloadWith([], target);
  } catch {
    // The system's package list is empty or out of date, and renewing it would need root: read one of our own.
    const own = await ownPackageList(aptFolder);
    await downloadWith(own, target);
  }
  for (const archive of readdirSync(target).filter((name) => name.endsWith(".deb"))) {
    await run("dpkg", ["-x", join(target, archive), target]);
    rmSync(join(target, archive));
  }
}

async function downloadWith(aptOptions: string[], target: string): Promise<void> {
  const common = [...aptOptions, "-o", "Debug::NoLocking=1", "-q"];
  // A simulated installation names exactly the packages, libraries included, that this system lacks.
  const { stdout } = await run("apt-get", [
    ...common,
    "--simulate",
    "--no-install-recommends",
    "install",
    "redis-server",
  ]);
  const missing = [...stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  // redis-server may be a link to the program in redis-tools, so both are needed even if one is installed.
  const packages = new Set([...missing, "redis-server", "redis-tools"]);
  await run("apt-get", [...common, ...asRoot(), "download", ...packages], { cwd: target });
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

async function workingProgram(home: string): Promise<RedisProgram | undefined> {
  if (!existsSync(home)) return undefined;
  const program = programIn(home);
  return (await redisVersion(program)) === undefined ? undefined : program;
}

function programIn(home: string): RedisProgram {
  const libraries = ["usr/lib", "lib"]
    .map((folder) => join(home, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...subfolders(folder)]);
  return {
    path: join(home, "usr/bin/redis-server"),
    env: libraries.length === 0 ? {} : { LD_LIBRARY_PATH: libraries.join(":") },
  };
}

function subfolders(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.includes("-linux-"))
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isDirectory());
}
