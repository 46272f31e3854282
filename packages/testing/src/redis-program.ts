import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A Redis or Valkey server program that can be started. */
export interface RedisProgram {
  /** Path of the executable. */
  readonly path: string;
  /** What must be added to the environment for it to start; empty for an installed one. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The version a program says it has, such as `[7, 0, 15]`; undefined when it does not run at all.
 */
export async function redisVersion(program: RedisProgram): Promise<readonly number[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program.path, ["--version"], {
      env: { ...process.env, ...program.env },
      timeout: 10_000,
    });
    const version = /\bv=(\d+)\.(\d+)\.(\d+)/.exec(stdout);
    return version === null ? undefined : version.slice(1, 4).map(Number);
  } catch {
    return undefined;
  }
}
