import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The folders that commands are looked for in. */
export function pathFolders(): string[] {
  return (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

/** The first program of one of these names, in the first folder that has one; undefined when none has. */
export function findProgram(names: readonly string[], folders: readonly string[]): string | undefined {
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

/** Whether there is a program at a path that this process may start. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
