import { addRouterFlags, collect } from "@chappe/command-line";
import { Command, Option } from "commander";

const EXAMPLES = `
Examples:
  chappe-sender --to receiver-01 "hello"
  chappe-sender --topic orders --type order.created --json '{"id":7}'
  chappe-sender --to archive --file photo.png --file report.pdf
  tail -f access.log | chappe-sender --topic log -
  chappe-sender --to receiver-01 --count 10000 --rate 500 "are you there?"

Standard output carries only what --print-ids and --json-summary ask for; everything said to you goes to standard error.

Exit codes:
  0    every message is safe; --cancel: it is taken back
  1    a message failed; nothing after it was sent; --cancel: it does not wait any more
  2    wrong usage
  130  ended by Ctrl-C (143: by SIGTERM), after waiting for what was on its way; a second signal does not wait
`;

/** What says how to send: with --cancel it would change nothing. */
const OF_SENDING = [
  ...["json", "file", "count", "rate", "type", "contentType", "attribute", "correlationId", "replyTo", "orderingKey"],
  ...["ttlMs", "deliverAt", "deduplicationId", "durability", "printIds", "jsonSummary"],
];

/** The flags, arguments and help of the sender. What their values may be is said in options.ts. */
export function senderCommand(): Command {
  const command = new Command("chappe-sender")
    .description("Send messages to a receiver or a topic.")
    .argument("[text...]", "a message each, as UTF-8 text; - stands for the lines of standard input, a message each")
    .optionsGroup("Where to (one of the two):")
    .addOption(new Option("--to <receiver>", "id of a receiver").conflicts("topic"))
    .option("--topic <name>", "name of a topic")
    .optionsGroup("What (sent in this order: texts, --json, --file):")
    .option("--json <value>", "a JSON message; may be repeated", collect)
    .option("--file <path>", "a file's bytes as a message; may be repeated", collect)
    .addOption(
      new Option(
        "--cancel <id>",
        "send nothing, but take back the message of this id that waits for its --deliver-at",
      ).conflicts(OF_SENDING),
    )
    .option("--count <messages>", "send so many, going round through the bodies (default: each body once)")
    .option("--rate <per-second>", "start so many a second, however long each takes (default: as fast as it goes)")
    .optionsGroup("With:")
    .option("--from <sender>", "id of the sender", "sender-01")
    .option("--type <type>", 'what the message says, such as "order.created"')
    .option("--content-type <type>", "content type (default: text/plain, application/json, or by the file)")
    .option("--attribute <key=value>", "an attribute; may be repeated", collect)
    .option("--correlation-id <id>", "ties a reply to its request")
    .option("--reply-to <address>", "where a reply should go: receiver:<id> or topic:<name>")
    .option("--ordering-key <key>", "messages with the same key stay in order")
    .option("--ttl-ms <ms>", "how long a message is worth delivering, milliseconds (default: for ever)")
    .option("--deliver-at <time>", "when a message is to be delivered, such as 2027-01-31T08:00:00Z (default: at once)")
    .option(
      "--deduplication-id <id>",
      "do not store it if one was sent under this id before, within the router's window",
    )
    .optionsGroup("How:");
  return addRouterFlags(command)
    .option("--durability <level>", "what to wait for: accepted, replicated, replicated(2), …, or fsynced", "accepted")
    .option("--timeout-ms <ms>", "how long a message may take to become safe, milliseconds", "30000")
    .option("--quiet", "say nothing but errors")
    .addOption(new Option("--print-ids", "print the id of each message when it is safe").conflicts("jsonSummary"))
    .option("--json-summary", "print the summary as a JSON object")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(--help lists what is allowed)");
}
