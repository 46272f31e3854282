import type { Durability } from "@chappe/client";
import { Command, CommanderError, Option } from "commander";
import { count, duration, parseOptions } from "../option-values.ts";
import { allFaults, faultsOn } from "./injected/all-faults.ts";
import type { Fault } from "./injected/fault.ts";
import { SITES, type SiteName } from "./stage/redis-site.ts";

const MAX_SEED = 4_294_967_295;

const OPTIONS = { minutes: duration(0.1, 24 * 60), seed: count(0, MAX_SEED) };

/** What a command line asks for. */
export type FaultsCommandLine =
  | {
      readonly kind: "run";
      readonly seed: number;
      readonly site: SiteName;
      /** Of the sender that heals nothing. */
      readonly durability: Durability;
      readonly minutes: number;
      readonly faults: readonly Fault[];
      readonly json: string | undefined;
    }
  | { readonly kind: "list"; readonly faults: readonly Fault[] }
  | { readonly kind: "help" | "wrong"; readonly text: string };

/** Options as commander hands them over. */
type Asked = Record<string, string> & { list?: boolean; site?: SiteName; durability?: Durability };

const DURABILITIES: Readonly<Record<SiteName, readonly [Durability, ...Durability[]]>> = {
  standalone: ["accepted", "fsynced"],
  sentinel: ["replicated", "accepted"],
  cluster: ["replicated", "accepted"],
};

/** Reads a command line. @param argv what follows the program's name */
export function readFaultsCommand(argv: readonly string[]): FaultsCommandLine {
  let output = "";
  let asked: FaultsCommandLine | undefined;
  const write = (text: string) => void (output += text);
  const command = new Command("faults")
    .description("Harm a running Chappe in every way there is, and check that nothing it promises breaks.")
    .helpOption("-h, --help", "show this help")
    .option("--minutes <n>", "how long to inject faults (default: 2)")
    .option("--seed <n>", "which faults, in which order: the same for the same number (default: a random one, printed)")
    .addOption(new Option("--site <how>", "how Redis stands (default: standalone)").choices(SITES))
    .option(
      "--durability <level>",
      "of the sender that heals nothing: accepted or fsynced; where there are replicas, replicated or accepted (default: the first)",
    )
    .option("--only <pattern>", "faults whose name matches this regular expression")
    .option("--json <file>", "also write the result there")
    .option("--list", "only print the faults")
    .action(({ only, json, list, site, durability, ...raw }: Asked) => {
      const { minutes = 2, seed = Math.floor(Math.random() * MAX_SEED) } = parseOptions(OPTIONS, raw);
      const possible = list && site === undefined ? allFaults : faultsOn(site ?? "standalone");
      const faults = only === undefined ? possible : possible.filter(({ name }) => new RegExp(only).test(name));
      if (faults.length === 0)
        throw new Error(`--only "${only}": no fault of this site is called so; --list names them`);
      const [usual, ...others] = DURABILITIES[site ?? "standalone"];
      if (durability !== undefined && ![usual, ...others].includes(durability))
        throw new Error(`--durability ${durability}: on this site ${[usual, ...others].join(" or ")}`);
      asked = list
        ? { kind: "list", faults }
        : { kind: "run", seed, site: site ?? "standalone", durability: durability ?? usual, minutes, faults, json };
    })
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write });
  try {
    command.parse(argv, { from: "user" });
    return asked ?? { kind: "help", text: command.helpInformation() };
  } catch (error) {
    if (error instanceof CommanderError) return { kind: error.exitCode === 0 ? "help" : "wrong", text: output };
    return { kind: "wrong", text: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}
