/** A load generator written in Go, at the version that the wrappers were made for. */
export interface LoadTool {
  readonly name: "ghz" | "k6";
  /** Package of the program, as `go install` takes it. */
  readonly package: string;
  /** The version that `pnpm bench tools` builds. One found on the PATH is used whatever its version is. */
  readonly version: string;
  /** Where people get it without Go. */
  readonly home: string;
}

/** One gRPC call over and over, from a template. */
export const ghz: LoadTool = {
  name: "ghz",
  package: "github.com/bojand/ghz/cmd/ghz",
  version: "v0.93.0",
  home: "https://ghz.sh",
};

/** Scripted virtual users, over gRPC and HTTP. */
export const k6: LoadTool = {
  name: "k6",
  package: "go.k6.io/k6",
  version: "v1.8.1",
  home: "https://k6.io",
};

/** All of them. */
export const loadTools = [ghz, k6] as const;
