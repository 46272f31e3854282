import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findProgram, pathFolders } from "@chappe/testing";
import { findLoadTool, toolFolder } from "./find-load-tool.ts";
import { type LoadTool, loadTools } from "./load-tool.ts";

/** k6 is large: from nothing, on two cores, it takes minutes. */
const BUILD_DEADLINE_MS = 1_200_000;

/**
 * Sees to it that each tool is there: what is found is left alone, what is missing is built with `go install`, into a
 * cache folder of this user.
 *
 * @param say told a line for each step
 * @throws Error when one is missing and cannot be built, with what to do instead, or with the words of `go`
 */
export async function installLoadTools(say: (line: string) => void): Promise<void> {
  for (const tool of loadTools) {
    const found = findLoadTool(tool);
    if (found === undefined) say(`${tool.name} ${tool.version}: built, ${await build(tool, say)}`);
    else say(`${tool.name}: found, ${found}`);
  }
}

async function build(tool: LoadTool, say: (line: string) => void): Promise<string> {
  const go = findProgram(["go"], pathFolders());
  if (go === undefined) {
    throw new Error(
      [
        `${tool.name} is not on the PATH, and neither is Go to build it. Any one of these provides it:`,
        "  - Go, from https://go.dev or your distribution, then pnpm bench tools again",
        `  - ${tool.home}, then put it on the PATH`,
      ].join("\n"),
    );
  }
  say(`${tool.name} ${tool.version}: building, which may take minutes`);
  const env = { ...process.env, GOBIN: toolFolder(tool) };
  try {
    await promisify(execFile)(go, ["install", `${tool.package}@${tool.version}`], { env, timeout: BUILD_DEADLINE_MS });
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new Error(`${tool.name} cannot be built: ${stderr.trim() || message}`, { cause: error });
  }
  const built = findProgram([tool.name], [toolFolder(tool)]);
  if (built === undefined) throw new Error(`go install of ${tool.package} left no program in ${toolFolder(tool)}`);
  return built;
}
