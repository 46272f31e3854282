import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, hasDebianPackages, unpackDebianPackages } from "@chappe/testing";
import type { Durability } from "../peer.ts";
import { findServer } from "../server/find-server.ts";
import { withFreePorts } from "../server/free-ports.ts";
import { MissingPart } from "../server/missing-part.ts";
import { type RunningServer, startServer } from "../server/start-server.ts";
import { temporaryFolder } from "../server/temporary-folder.ts";

const PACKAGE = "nats-server";

/** A NATS server program. */
export interface NatsProgram {
  readonly path: string;
  /** Name and version. */
  readonly version: string;
}

/** Whether there is one that need not be downloaded. */
export function natsServerAtHand(): boolean {
  return findServer("nats-server") !== undefined || existsSync(join(cacheFolder(), PACKAGE));
}

/**
 * A NATS server: on the PATH, where `go install` puts it, or from the distribution's package.
 *
 * @throws MissingPart when there is none
 */
export async function findNatsServer(): Promise<NatsProgram> {
  const found = findServer("nats-server");
  if (found !== undefined) return await natsProgram(found);
  try {
    if (!(await hasDebianPackages())) throw new Error("this system has no apt-get");
    const programIn = (home: string) => join(home, "usr/sbin/nats-server");
    const home = await unpackDebianPackages(cacheFolder(), {
      name: PACKAGE,
      packages: [PACKAGE],
      works: async (folder) => {
        const { version } = await natsProgram(programIn(folder));
        return version !== "";
      },
    });
    return await natsProgram(programIn(home));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MissingPart(
      `no nats-server on the PATH (go install github.com/nats-io/nats-server/v2@latest), nor as a package: ${reason}`,
    );
  }
}

async function natsProgram(path: string): Promise<NatsProgram> {
  const { stdout } = await promisify(execFile)(path, ["--version"]);
  return { path, version: parseNatsVersion(stdout) };
}

/** Name and version of what `nats-server --version` says: "nats-server: v2.10.0". */
export function parseNatsVersion(output: string): string {
  return `nats-server ${/v(\d\S*)/.exec(output)?.[1] ?? "unknown"}`;
}

/** The server's configuration. JetStream asks the disk to keep what it wrote every two minutes, unless told otherwise. */
export function natsConfiguration(port: number, folder: string, durability: Durability): string {
  const sync = durability === "fsync" ? ["  sync_interval: always"] : [];
  const lines = [`listen: "127.0.0.1:${port}"`, "jetstream {", `  store_dir: "${folder}"`, ...sync, "}"];
  return `${lines.join("\n")}\n`;
}

/** Starts a NATS server with JetStream, whose files go with it. */
export async function startNatsServer(
  stack: AsyncDisposableStack,
  { path }: NatsProgram,
  durability: Durability,
): Promise<{ readonly address: string; readonly server: RunningServer }> {
  const folder = stack.use(temporaryFolder("nats")).path;
  const configuration = join(folder, "nats.conf");
  return await withFreePorts(1, async (port = 0) => {
    writeFileSync(configuration, natsConfiguration(port, folder, durability));
    const args = ["--config", configuration];
    const server = stack.use(await startServer({ role: "nats", path, args, cwd: folder, port }));
    return { address: `127.0.0.1:${port}`, server };
  });
}
