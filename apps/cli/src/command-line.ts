import type { DeadLetterChoice, SubscriptionPlace } from "@chappe/client/admin";
import { collect, readArguments, type Usage } from "@chappe/command-line";
import type { StartFrom } from "@chappe/message";
import type { Command } from "commander";
import { runAddresses, runShow } from "./commands/addresses.ts";
import { runDeadList, runDeadPurge, runDeadShow, runRedrive } from "./commands/dead.ts";
import { runPeek } from "./commands/peek.ts";
import { runDeleteAddress, runDeleteSubscription, runPurge, runPurgeDelayed } from "./commands/removal.ts";
import { runSeek } from "./commands/seek.ts";
import { chappeCommand, type CommonFlags, startPosition, wholeNumber } from "./flags.ts";
import type { Session } from "./session.ts";

/** What a command does, once it can. */
export type Task = (session: Session) => Promise<void>;

/** What a command line asks for. */
export type CommandLine = { readonly kind: "run"; readonly task: Task; readonly flags: CommonFlags } | Usage;

interface PlaceFlags {
  readonly subscription?: string;
}

interface ChoiceFlags extends PlaceFlags {
  readonly reason?: string;
  readonly id?: readonly string[];
  readonly all?: boolean;
}

/**
 * Reads a command line, and CHAPPE_ROUTER for the router it does not name.
 *
 * @param argv what follows the program's name
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  let task: Task | undefined;
  const program = chappeCommand();
  addCommands(program, (chosen) => (task = chosen));
  const usage = readArguments(program, argv);
  if (usage !== undefined) return usage;
  if (task === undefined) return { kind: "wrong", text: program.helpInformation() };
  return { kind: "run", task, flags: program.opts<CommonFlags>() };
}

function addCommands(program: Command, choose: (task: Task) => void): void {
  program
    .command("addresses")
    .summary("list addresses, with what waits there")
    .description("List addresses, with what waits there: a line for each subscription, by name.")
    .argument("[prefix]", "what their names begin with, such as topic:", "")
    .option("--rate-ms <ms>", "how long to count for IN/S and ACKED/S; 0: not at all", wholeNumber(0, 60_000), 1_000)
    .action((prefix: string, { rateMs }: { rateMs: number }) =>
      choose((session) => runAddresses(session, { prefix, rateMs })),
    );
  program
    .command("show")
    .summary("show one address, and who holds its messages")
    .description("Show one address, and who holds its messages.")
    .argument("<address>", "receiver:<id> or topic:<name>")
    .action((address: string) => choose((session) => runShow(session, address)));
  withPlace(program.command("peek"))
    .summary("show what waits, and take nothing")
    .description("Show what waits, oldest first, and take nothing.")
    .option("--limit <messages>", "how many to show", wholeNumber(1, 1_000), 10)
    .option("--body [bytes]", "show bodies, so much of each (default: 1024)", wholeNumber(1, 67_108_864))
    .action((address: string, flags: PlaceFlags & { limit: number; body?: number | true }, command: Command) => {
      const [place, { limit, body }] = [placeOf(address, flags, command), flags];
      const bodyBytes = body === true ? 1_024 : (body ?? 0);
      choose((session) => runPeek(session, { ...place, limit, bodyBytes }));
    });
  addDead(
    program
      .command("dead")
      .summary("dead letters: list, show, redrive, purge")
      .description("Dead letters.")
      .helpCommand(false),
    choose,
  );
  withPlace(program.command("purge"))
    .summary("delete what waits and nobody holds")
    .description("Delete what waits and nobody holds, retries included. What consumers hold they go on with.")
    .option("--delayed", "instead, the address's messages that wait for their time; they are no subscription's yet")
    .action((address: string, { delayed, ...flags }: PlaceFlags & { delayed?: true }, command: Command) => {
      if (delayed === true) {
        if (flags.subscription !== undefined)
          command.error("error: --delayed and --subscription contradict each other");
        return choose((session) => runPurgeDelayed(session, address));
      }
      const place = placeOf(address, flags, command);
      choose((session) => runPurge(session, place));
    });
  withPlace(program.command("seek"))
    .summary("move a topic's subscription, to read again or to pass over")
    .description("Move a topic's subscription to a position in what the topic keeps. It reads on from there.")
    .requiredOption(
      "--to <position>",
      "latest, earliest, a time such as 2026-11-25T09:30:00Z, or a message's id",
      startPosition,
    )
    .action((address: string, flags: PlaceFlags & { to: StartFrom }, command: Command) => {
      const place = placeOf(address, flags, command);
      choose((session) => runSeek(session, place, flags.to));
    });
  addDelete(
    program
      .command("delete")
      .summary("delete an address or a subscription")
      .description("Delete for good.")
      .helpCommand(false),
    choose,
  );
}

function addDead(dead: Command, choose: (task: Task) => void): void {
  withPlace(dead.command("list"))
    .description("List dead letters, oldest first, with the reason of each.")
    .option("--reason <text>", "those whose reason contains this text", "")
    .option("--limit <letters>", "how many to list", wholeNumber(1, 1_000_000), 100)
    .action((address: string, flags: PlaceFlags & { reason: string; limit: number }, command: Command) => {
      const [place, { reason, limit }] = [placeOf(address, flags, command), flags];
      choose((session) => runDeadList(session, place, { reason, limit }));
    });
  withPlace(dead.command("show"))
    .description("Show one dead letter with its body.")
    .argument("<id>", "its id, as list shows it")
    .action((address: string, id: string, flags: PlaceFlags, command: Command) => {
      const place = placeOf(address, flags, command);
      choose((session) => runDeadShow(session, place, id));
    });
  withChoice(withPlace(dead.command("redrive")))
    .description(
      "Put dead letters back into their own subscription's queue, as attempt 1. They do not expire any more.",
    )
    .action((address: string, flags: ChoiceFlags, command: Command) => {
      const [place, choice] = [placeOf(address, flags, command), choiceOf(flags, command)];
      choose((session) => runRedrive(session, place, choice));
    });
  withChoice(withPlace(dead.command("purge")))
    .description("Delete dead letters.")
    .action((address: string, flags: ChoiceFlags, command: Command) => {
      const [place, choice] = [placeOf(address, flags, command), choiceOf(flags, command)];
      choose((session) => runDeadPurge(session, place, choice));
    });
}

function addDelete(remove: Command, choose: (task: Task) => void): void {
  const force = ["--force", "whatever it has, and whoever uses it"] as const;
  remove
    .command("address")
    .description("Delete an address with all it has. The next message makes it anew, with a new epoch.")
    .argument("<address>", "receiver:<id> or topic:<name>")
    .option(...force)
    .action((address: string, flags: { force?: true }) =>
      choose((session) => runDeleteAddress(session, address, flags.force === true)),
    );
  remove
    .command("subscription")
    .description("Delete a topic's subscription, with its messages and dead letters.")
    .argument("<address>", "topic:<name>")
    .argument("<subscription>", "its name")
    .option(...force)
    .action((address: string, subscription: string, flags: { force?: true }) =>
      choose((session) => runDeleteSubscription(session, { address, subscription }, flags.force === true)),
    );
}

function withPlace(command: Command): Command {
  return command
    .argument("<address>", "receiver:<id> or topic:<name>")
    .option("--subscription <name>", "of a topic; a receiver has one queue");
}

function withChoice(command: Command): Command {
  return command
    .option("--all", "all of them")
    .option("--reason <text>", "those whose reason contains this text")
    .option("--id <id>", "this one; may be repeated; with --reason, those that match both", collect);
}

/** Whose messages. A topic has none itself; the router says whatever else is wrong with the names. */
function placeOf(address: string, { subscription }: PlaceFlags, command: Command): SubscriptionPlace {
  if (subscription === undefined && address.startsWith("topic:")) {
    command.error(`error: say which subscription of ${address}: --subscription <name>`);
  }
  return { address, subscription };
}

/** Which dead letters. One of the flags must say so: a forgotten flag must not mean all. */
function choiceOf({ all, reason, id }: ChoiceFlags, command: Command): DeadLetterChoice {
  const given = [all === true && "--all", reason !== undefined && "--reason", id !== undefined && "--id"];
  const names = given.filter((name) => name !== false);
  if (names.length === 0) command.error("error: say which dead letters: --all, --reason <text> or --id <id>");
  if (all === true && names.length > 1) command.error(`error: ${names.join(" and ")} contradict each other`);
  return { ids: id, reason };
}
