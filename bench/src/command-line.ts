import { Command, CommanderError } from "commander";
import { type Overrides, parseOverrides } from "./case-options.ts";
import { peersCommand, type PeersRequest } from "./peers/peers-command.ts";
import { type LoadCommandLine, loadCommands } from "./load/load-command.ts";
import { compareCommand, type CompareRequest } from "./compare/compare-command.ts";
import { countersCommand, type CountersRequest } from "./counters/counters-command.ts";
import { soakCommand, type SoakRequest } from "./soak/soak-command.ts";

/** What a command line asks for. */
export type CommandLine =
  | {
      readonly kind: "run";
      /** Which cases; undefined: all. */
      readonly pattern: RegExp | undefined;
      readonly over: Overrides;
      /** Files for the results. */
      readonly json: string | undefined;
      readonly html: string | undefined;
      readonly list: boolean;
    }
  | {
      readonly kind: "profile";
      readonly what: "cpu" | "allocations";
      readonly pattern: RegExp;
      readonly over: Overrides;
    }
  | PeersRequest
  | LoadCommandLine
  | CompareRequest
  | CountersRequest
  | SoakRequest
  | { readonly kind: "help"; readonly text: string }
  /** The text says what is wrong and what is allowed. */
  | { readonly kind: "wrong"; readonly text: string };

/** Reads a command line. @param argv what follows the program's name */
export function readCommandLine(argv: readonly string[]): CommandLine {
  let output = "";
  let asked: CommandLine | undefined;
  const command = benchCommand((commandLine) => (asked = commandLine));
  const write = { writeOut: (text: string) => (output += text), writeErr: (text: string) => (output += text) };
  for (const each of withSubcommands(command)) each.exitOverride().configureOutput(write);
  try {
    command.parse(argv, { from: "user" });
    return asked ?? { kind: "help", text: command.helpInformation() };
  } catch (error) {
    if (error instanceof CommanderError) return { kind: error.exitCode === 0 ? "help" : "wrong", text: output };
    return { kind: "wrong", text: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}

function benchCommand(onAsked: (commandLine: CommandLine) => void): Command {
  const command = new Command("bench")
    .description("Measure what messages cost.")
    .helpOption("-h, --help", "show this help");
  const run = new Command("run")
    .description("Run cases and print a table. The default command.")
    .argument("[pattern]", "regular expression for the names of the cases; without it all run, in under 3 minutes")
    .option("--json <file>", "also write the results there, as bench/README.md describes them")
    .option("--html <file>", "also write a page with plots there")
    .option("--list", "only print the names of the cases")
    .action(
      (
        pattern: string | undefined,
        { json, html, list = false, ...raw }: Record<string, string> & { list?: boolean },
      ) => onAsked({ kind: "run", pattern: patternOf(pattern), over: parseOverrides(raw), json, html, list }),
    );
  const profile = new Command("profile")
    .description("Run one end-to-end case, and tell where each process spends its time.")
    .argument("<case>", "regular expression for the name of the case")
    .option("--allocations", "tell who allocates V8's heap, not who takes time")
    .action((pattern: string, { allocations = false, ...raw }: Record<string, string> & { allocations?: boolean }) => {
      const what = allocations ? "allocations" : "cpu";
      onAsked({ kind: "profile", what, pattern: patternOf(pattern) ?? /./, over: parseOverrides(raw) });
    });
  command.addCommand(withCaseOptions(run), { isDefault: true });
  command.addCommand(withCaseOptions(profile));
  command.addCommand(peersCommand(patternOf, onAsked));
  for (const each of loadCommands(onAsked)) command.addCommand(each);
  command.addCommand(compareCommand(patternOf, onAsked));
  command.addCommand(countersCommand(onAsked));
  command.addCommand(soakCommand(onAsked));
  return command;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function withCaseOptions(command: Command): Command {
  return command
    .helpOption("-h, --help", "show this help")
    .optionsGroup("What the selected cases do otherwise than they would:")
    .option("--body-bytes <n>", "bytes of each body, 16 to 1,048,576")
    .option("--routers <n>", "router programs")
    .option("--senders <n>", "sender programs")
    .option("--receivers <n>", "receivers that messages are spread over")
    .option("--topics <n>", "topics that messages are spread over, in place of receivers")
    .option("--subscriptions <n>", "subscriptions of each topic")
    .option("--receiver-programs <n>", "programs that receivers or subscriptions are spread over")
    .option("--connections <mode>", "of receiver programs to routers: per-program or per-receiver")
    .option("--rate <n|max>", "messages a second (open loop), or as many as will go (closed loop)")
    .option("--concurrency <n>", "at max: sends that each sender program waits for at a time")
    .option("--aof <mode>", "Redis' append-only file: off, everysec or always")
    .option("--redis-masters <n>", "masters of a Redis Cluster; 0: one Redis")
    .option("--seconds <n>", "how long to measure")
    .option("--warm-up-seconds <n>", "how long to send before measuring")
    .option("--messages <n>", "in a backlog: messages that are sent before anybody receives");
}

function patternOf(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text);
  } catch (error) {
    throw new Error(`"${text}" is not a regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}
