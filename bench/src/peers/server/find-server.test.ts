import { homedir } from "node:os";
import { expect, it } from "vitest";
import { goFolder } from "./find-server.ts";

it.each([
  [{ GOBIN: "/bin/of/go", GOPATH: "/first" }, "/bin/of/go"],
  [{ GOPATH: "/first:/second" }, "/first/bin"],
  [{}, `${homedir()}/go/bin`],
])("knows where go install puts programs, given %o", (env, folder) => {
  expect(goFolder(env)).toBe(folder);
});
