import { Argument, Command } from "commander";
import type { LoadPlan } from "./load-case.ts";
import type { ReportFiles } from "../report/write-report.ts";
import { autocannonOptions, ghzOptions, K6_SCRIPTS, k6Options } from "./load-options.ts";

/** What `bench load` and `bench tools` are asked for. */
export type LoadCommandLine =
  | { readonly kind: "load"; readonly plan: LoadPlan; readonly files: ReportFiles }
  | { readonly kind: "tools" };

type Raw = Readonly<Record<string, string>>;
type GhzRaw = Raw & { readonly articleGo?: boolean };

/** The subcommands for tools of others. @param onAsked told what one is asked for */
export function loadCommands(onAsked: (commandLine: LoadCommandLine) => void): Command[] {
  const ask = (plan: LoadPlan, files: ReportFiles) => onAsked({ kind: "load", plan, files });
  const load = new Command("load").description("Start the system, and put a load on it with a tool of others.");

  const ghz = new Command("ghz")
    .description("Unary calls of Send.")
    .option("--concurrency <n>", "callers that wait for one answer each (default: 50)")
    .option("--connections <n>", "connections that they share (default: 1)")
    .option("--rate <n|max>", "calls a second (open loop), or as many as the callers make (default: max)")
    .option("--messages <n>", "how many to send, however long it takes (default: as many as go in the time)")
    .option("--article-go", "also call the server that Chappe's design began with, in Go: needs Go")
    .action(({ json, html, articleGo = false, ...raw }: GhzRaw) =>
      ask({ tool: "ghz", options: ghzOptions(raw), articleGo }, { json, html }),
    );

  const k6 = new Command("k6")
    .description("One of the scripts in bench/k6, with its thresholds.")
    .addArgument(new Argument("[script]", "what to send how").choices(K6_SCRIPTS).default("unary"))
    .option("--users <n>", "virtual users, each with a connection of its own (default: 50)")
    .option("--rate <n>", "ramp, soak: messages a second at the end, or throughout (default: 500)")
    .option("--p95-ms <n>", "threshold: what 95 of 100 messages must be stored within (default: 250)")
    .option("--p99-ms <n>", "threshold: what 99 of 100 must be (default: 500)")
    .action((script: string, { json, html, ...raw }: Raw) =>
      ask({ tool: "k6", options: k6Options({ ...raw, script }) }, { json, html }),
    );

  const autocannon = new Command("autocannon")
    .description("POST /v1/messages, over HTTP.")
    .option("--connections <n>", "connections, each of which waits for its answers (default: 50)")
    .option("--pipelining <n>", "requests that a connection sends before the first is answered (default: 1)")
    .option("--workers <n>", "processes that the connections are spread over (default: 1)")
    .option("--rate <n|max>", "requests a second, or as many as are answered (default: max)")
    .action(({ json, html, ...raw }: Raw) =>
      ask({ tool: "autocannon", options: autocannonOptions(raw) }, { json, html }),
    );

  for (const tool of [ghz, k6, autocannon]) load.addCommand(withCommonOptions(tool));
  const tools = new Command("tools")
    .description("Build the tools that `bench load` needs and this machine lacks: ghz and k6, with Go.")
    .helpOption("-h, --help", "show this help")
    .action(() => onAsked({ kind: "tools" }));
  return [load.helpOption("-h, --help", "show this help"), tools];
}

function withCommonOptions(command: Command): Command {
  return command
    .helpOption("-h, --help", "show this help")
    .option("--body-bytes <n>", "bytes of each body, 12 to 1,048,576 (default: 100)")
    .option("--aof <mode>", "Redis' append-only file: off, everysec or always (default: everysec)")
    .option("--seconds <n>", "how long to measure (default: 5)")
    .option("--warm-up-seconds <n>", "how long to send before measuring (default: 1)")
    .option("--json <file>", "also write the results there, as bench/README.md describes them")
    .option("--html <file>", "also write a page with plots there");
}
