import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheFolder } from "@chappe/testing";
import { findServer } from "../server/find-server.ts";
import { MissingPart } from "../server/missing-part.ts";

const source = fileURLToPath(new URL("../../../peers/article-go", import.meta.url));
const BUILD_DEADLINE_MS = 300_000;

/** The article's design in Go, built. */
export interface ArticleGoProgram {
  readonly path: string;
  /** Of the Go that built it, as in "go1.26.8". */
  readonly goVersion: string;
  /** The version of one of its modules, as in "google.golang.org/grpc v1.85.0". */
  readonly moduleVersion: (module: string) => Promise<string>;
}

/** Whether it was built before, so that building it again takes a moment. */
export function articleGoAtHand(): boolean {
  return findServer("go") !== undefined && existsSync(programPath());
}

function programPath(): string {
  return join(cacheFolder(), "article-go", "article-go");
}

/**
 * Builds the article's design in Go into the cache. Go keeps what it compiled, so only the first build of a machine takes
 * long, and downloads.
 *
 * @throws MissingPart when there is no Go, or it cannot build this
 */
export async function buildArticleGo(): Promise<ArticleGoProgram> {
  const go = findServer("go");
  if (go === undefined) throw new MissingPart("no go on the PATH: install Go 1.26 or newer");
  const run = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(go, args, { cwd: source, timeout: BUILD_DEADLINE_MS });
    return stdout.trim();
  };
  const path = programPath();
  mkdirSync(dirname(path), { recursive: true });
  try {
    await run("build", "-o", path, ".");
    return {
      path,
      goVersion: await run("env", "GOVERSION"),
      moduleVersion: (module) => run("list", "-m", module),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MissingPart(`Go cannot build bench/peers/article-go: ${reason}`);
  }
}
