import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { findProgram, pathFolders } from "@chappe/testing";

/** Where a program is: on the PATH, or where `go install` puts programs. Undefined when it is in neither. */
export function findServer(name: string): string | undefined {
  return findProgram([name], [...pathFolders(), goFolder(process.env)]);
}

/** What `go help install` says, without asking Go, which need not be there. */
export function goFolder(env: Readonly<Record<string, string | undefined>>): string {
  const goPath = (env["GOPATH"] ?? "").split(delimiter)[0] || join(homedir(), "go");
  return env["GOBIN"] || join(goPath, "bin");
}
