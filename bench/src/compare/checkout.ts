import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { ChappePrograms } from "../end-to-end/chappe-system.ts";
import { UsageError } from "../usage-error.ts";
import { addTemporaryWorktree } from "./temporary-worktree.ts";

const run = promisify(execFile);
const ownRoot = new URL("../../../", import.meta.url);
const checkoutClient = new URL("./checkout-client.ts", import.meta.url);

/** What of a checkout is run: its router app, and its client inside the sender and receiver programs of this checkout. */
const ROUTER_APP = "apps/router/src/main.ts";
const CLIENT = "packages/client/src/index.ts";

/** The sources of one version, ready to run. */
export interface Checkout {
  /** What it is, for people. */
  readonly description: string;
  /** Folder. Its address ends with a slash. */
  readonly root: URL;
  readonly programs: ChappePrograms;
}

/** The sources as they are, with what is not committed. */
export async function workingTree(): Promise<Checkout> {
  const commit = await git("rev-parse", "--short=12", "HEAD");
  const isDirty = (await git("status", "--porcelain")) !== "";
  return checkoutAt(ownRoot, `the working tree, ${commit}${isDirty ? " with uncommitted changes" : ""}`);
}

/** The full hash of a commit. @throws UsageError when there is no such commit */
export async function resolveCommit(ref: string): Promise<string> {
  try {
    return await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  } catch {
    throw new UsageError(`"${ref}" names no commit of this repository: give a commit, branch or tag that is here`);
  }
}

/**
 * A commit in a temporary folder, with what its router and client need installed.
 *
 * @throws UsageError when the commit has no router app and client where this version looks for them
 */
export async function temporaryCheckout(commit: string, description: string): Promise<Checkout & Disposable> {
  const worktree = await addTemporaryWorktree(ownRoot, commit);
  try {
    const root = pathToFileURL(`${worktree.folder}/`);
    for (const needed of [ROUTER_APP, CLIENT]) {
      if (existsSync(new URL(needed, root))) continue;
      throw new UsageError(`${description}: it has no ${needed}, so it cannot be measured; name a later commit`);
    }
    await install(worktree.folder, description);
    return { ...checkoutAt(root, description), [Symbol.dispose]: () => worktree[Symbol.dispose]() };
  } catch (error) {
    worktree[Symbol.dispose]();
    throw error;
  }
}

function checkoutAt(root: URL, description: string): Checkout {
  return {
    description,
    root,
    programs: {
      routerApp: new URL(ROUTER_APP, root),
      client: `${checkoutClient.href}?${encodeURIComponent(root.href)}`,
    },
  };
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd: ownRoot });
  return stdout.trim();
}

/** Installs with the pnpm that runs this program, from its store as far as that goes. */
async function install(folder: string, description: string): Promise<void> {
  const pnpm = process.env["npm_execpath"] ?? "pnpm";
  const [program, ...first] = /\.[cm]?js$/.test(pnpm) ? [process.execPath, pnpm] : [pnpm];
  const needed = ["--filter", "{apps/router}...", "--filter", "{packages/client}..."];
  const options = ["--prod", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts"];
  try {
    await run(program, [...first, ...needed, "install", ...options], { cwd: folder });
  } catch (error) {
    // pnpm tells its troubles on standard output; the error itself says when there is no pnpm.
    const { message, stdout = "" } = error as { readonly message: string; readonly stdout?: string };
    throw new Error(`${description} cannot be installed:\n${message}\n${stdout}`.trimEnd(), { cause: error });
  }
}
