import { join } from "node:path";
import { cacheFolder, findProgram, pathFolders } from "@chappe/testing";
import type { LoadTool } from "./load-tool.ts";

/** Where `pnpm bench tools` puts what it builds: a folder for each version, so that a newer one is built anew. */
export function toolFolder({ name, version }: LoadTool): string {
  return join(cacheFolder(), `${name}-${version}`);
}

/** The program of a tool: on the PATH, or built by `pnpm bench tools` before. Undefined when there is none. */
export function findLoadTool(tool: LoadTool): string | undefined {
  return findProgram([tool.name], [...pathFolders(), toolFolder(tool)]);
}

/** The same. @throws Error that says how to get it when there is none */
export function requireLoadTool(tool: LoadTool): string {
  const found = findLoadTool(tool);
  if (found !== undefined) return found;
  throw new Error(
    [
      `${tool.name} is not on the PATH. Any one of these provides it:`,
      "  - with Go: pnpm bench tools",
      `  - without: ${tool.home}, then put it on the PATH`,
    ].join("\n"),
  );
}
