import { addRouterFlags } from "@chappe/command-line";
import { Command } from "commander";

const EXAMPLES = `
Examples:
  chappe-receiver receiver-01
  chappe-receiver --topic orders --subscription billing --from-start
  chappe-receiver receiver-01 --json --count 10 | jq .text
  chappe-receiver archive --out inbox --concurrency 8

A message is acknowledged when its line is written, and with --out when its file is complete. Whatever was not
acknowledged is delivered again. Messages go to standard output; everything said to you goes to standard error.

Exit codes:
  0    received --count messages, or stopped by Ctrl-C (or SIGTERM) or because nobody reads the output any more
  1    receiving, printing or saving failed
  2    wrong usage
  130  a second Ctrl-C (143: a second SIGTERM), which does not wait for what is under way
`;

/** The flags, arguments and help of the receiver. What their values may be is said in options.ts. */
export function receiverCommand(): Command {
  const command = new Command("chappe-receiver")
    .description("Receive the messages of a receiver's queue, or of a topic's subscription.")
    .argument("[receiver]", "id of the receiver whose queue to read")
    .optionsGroup("Instead of a receiver:")
    .option("--topic <name>", "name of a topic")
    .option("--subscription <name>", "the topic's subscription to read; its consumers share its messages")
    .option(
      "--from <position>",
      "where a new subscription begins: latest, earliest, a time such as 2026-11-25T09:30:00Z, or a message's id (default: latest); one that is there goes on where it stands: chappe seek moves it",
    )
    .option("--from-start", "the same as --from earliest")
    .option("--single-active", "take messages only while no other consumer does; all consumers must ask for it")
    .optionsGroup("What to do with messages:")
    .option("--json", "print a JSON object a line: text bodies as text, others as base64")
    .option("--out <folder>", "save each body as a file named by the message's id")
    .option("--count <messages>", "stop after so many (default: go on until told to stop)")
    .option("--concurrency <messages>", "how many to work on at a time, in order of arrival only when 1", "1")
    .optionsGroup("How:")
    .option("--consumer <name>", "name of this program among the subscription's consumers (default: host and process)");
  return addRouterFlags(command)
    .option("--quiet", "say nothing but errors on standard error")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(--help lists what is allowed)");
}
