import { Command } from "commander";
import { parsePeerOptions, type PeerOptions } from "./peer-options.ts";

/** What a command line asks of `bench peers`. */
export interface PeersRequest {
  readonly kind: "peers";
  /** Which systems; undefined: all. */
  readonly pattern: RegExp | undefined;
  readonly options: PeerOptions;
  /** Files for the results. */
  readonly json: string | undefined;
  readonly html: string | undefined;
}

/** The subcommand `peers`. @param patternOf makes a pattern of a text, or throws */
export function peersCommand(
  patternOf: (text: string | undefined) => RegExp | undefined,
  onAsked: (request: PeersRequest) => void,
): Command {
  return new Command("peers")
    .description("Compare Chappe with other systems under the same loads.")
    .helpOption("-h, --help", "show this help")
    .option("--systems <pattern>", "regular expression for the names of the systems; without it all run, in 5 minutes")
    .option(
      "--rates <list>",
      "messages a second at which latency is measured, as in 500,2000 (default: 500,2000,8000,20000)",
    )
    .option("--seconds <n>", "how long to measure each case (default: 3)")
    .option("--warm-up-seconds <n>", "how long to send before measuring (default: 1)")
    .option("--body-bytes <n>", "bytes of each body, 24 to 1,000,000 (default: 100)")
    .option(
      "--durability <class>",
      "what a message survives: crash (of a process) or fsync (a power failure too) (default: crash)",
    )
    .option("--json <file>", "also write the results there, as bench/README.md describes them")
    .option("--html <file>", "also write a page with plots there")
    .action(({ systems, json, html, ...raw }: Record<string, string>) =>
      onAsked({ kind: "peers", pattern: patternOf(systems), options: parsePeerOptions(raw), json, html }),
    );
}
