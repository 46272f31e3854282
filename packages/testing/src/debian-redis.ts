import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { unpackDebianPackages } from "./debian-packages.ts";
import { type RedisProgram, redisVersion } from "./redis-program.ts";

/**
 * Redis from the distribution's own packages, unpacked into `cacheFolder`.
 *
 * @throws Error with the failing command's output when the packages cannot be had.
 */
export async function unpackDebianRedis(cacheFolder: string): Promise<RedisProgram> {
  const home = await unpackDebianPackages(cacheFolder, {
    name: "redis",
    // redis-server may be a link to the program in redis-tools, so both are needed even if one is installed.
    packages: ["redis-server", "redis-tools"],
    works: async (folder) => (await redisVersion(programIn(folder))) !== undefined,
  });
  return programIn(home);
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
