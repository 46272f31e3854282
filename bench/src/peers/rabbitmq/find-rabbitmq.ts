import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, hasDebianPackages, unpackDebianPackages } from "@chappe/testing";
import { findServer } from "../server/find-server.ts";
import { MissingPart } from "../server/missing-part.ts";

const CACHE_NAME = "rabbitmq";

/** A RabbitMQ that can be started. */
export interface RabbitmqProgram {
  /** Its start script. */
  readonly path: string;
  /** Erlang's register of ports, which it looks for when it starts. */
  readonly epmd: string;
  /** Name and version. */
  readonly version: string;
  /** What must be added to the environment for it to start. */
  readonly env: Readonly<Record<string, string>>;
}

/** Whether there is one that need not be downloaded. */
export function rabbitmqAtHand(): boolean {
  return findServer("rabbitmq-server") !== undefined || existsSync(join(cacheFolder(), CACHE_NAME));
}

/**
 * A RabbitMQ: on the PATH, or the distribution's package, unpacked into the cache with the Erlang it needs.
 *
 * @throws MissingPart when there is none
 */
export async function findRabbitmq(): Promise<RabbitmqProgram> {
  const onPath = findServer("rabbitmq-server");
  const epmd = findServer("epmd");
  if (onPath !== undefined && epmd !== undefined) {
    const path = startScripts(dirname(dirname(realpathSync(onPath))))[0];
    if (path !== undefined) return { path, epmd, version: versionOf(path), env: {} };
  }
  try {
    if (!(await hasDebianPackages())) throw new Error("this system has no apt-get");
    const home = await unpackDebianPackages(cacheFolder(), {
      name: CACHE_NAME,
      packages: ["rabbitmq-server", "erlang-base"],
      prepare: letErlangMove,
      works: async (folder) => startScripts(join(folder, "usr")).length > 0 && (await erlangRuns(folder)),
    });
    return programIn(home);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MissingPart(`no rabbitmq-server on the PATH, nor as a package: ${reason}`);
  }
}

/**
 * The start scripts under a folder such as /usr: of an unpacked release, or of a package. The one that a package puts
 * on the PATH is passed over, because it changes the user.
 */
function startScripts(prefix: string): string[] {
  const packaged = join(prefix, "lib/rabbitmq/lib");
  const releases = existsSync(packaged) ? readdirSync(packaged).map((release) => join(packaged, release)) : [prefix];
  return releases
    .filter((release) => existsSync(join(release, "plugins")))
    .map((release) => join(release, "sbin/rabbitmq-server"))
    .filter((script) => existsSync(script) && statSync(script).isFile());
}

/** The version is in the name of the broker's own library: plugins/rabbit-3.10.8. */
function versionOf(script: string): string {
  const libraries = readdirSync(join(dirname(script), "../plugins"));
  const [, version = "unknown"] = libraries.map((name) => /^rabbit-(\d[\d.]*\d)/.exec(name)).find(Boolean) ?? [];
  return `RabbitMQ ${version}`;
}

function programIn(home: string): RabbitmqProgram {
  const [path = ""] = startScripts(join(home, "usr"));
  return { path, epmd: join(dirname(erlIn(home)), "epmd"), version: versionOf(path), env: erlangEnv(home) };
}

function erlangEnv(home: string): Record<string, string> {
  const bin = dirname(erlIn(home));
  return { ERL_ROOTDIR: dirname(bin), PATH: [bin, process.env["PATH"] ?? ""].join(delimiter) };
}

async function erlangRuns(home: string): Promise<boolean> {
  const env = { ...process.env, ...erlangEnv(home) };
  try {
    await promisify(execFile)(erlIn(home), ["-noshell", "-eval", "halt()."], { env });
    return true;
  } catch {
    return false;
  }
}

function erlIn(home: string): string {
  return join(home, "usr/lib/erlang/bin/erl");
}

/** The package's `erl` looks for the rest of Erlang at a fixed place; this one looks where ERL_ROOTDIR says. */
function letErlangMove(home: string): void {
  const erl = erlIn(home);
  const script = readFileSync(erl, "utf8");
  writeFileSync(erl, script.replaceAll(/^(\s*)ROOTDIR=\/usr\/lib\/erlang$/gm, '$1ROOTDIR="$ERL_ROOTDIR"'));
}
