import type { TlsFlags } from "@chappe/command-line";
import { passes, problemLines, routerFlags } from "@chappe/command-line/flag-schemas";
import {
  checkId,
  checkName,
  type Durability,
  parseAddress,
  parseDurability,
  parseTime,
  receiverAddress,
  topicAddress,
} from "@chappe/message";
import { z } from "zod";

/** What the sender is asked to do, checked. */
export interface SenderOptions extends TlsFlags {
  readonly from: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** UTF-8 texts to send; `-` stands for the lines of standard input. */
  readonly texts: readonly string[];
  /** JSON texts to send, each valid. */
  readonly json: readonly string[];
  /** Paths of the files to send. */
  readonly files: readonly string[];
  /** Id of a delayed message to take back, in place of sending; undefined: send. */
  readonly cancel: string | undefined;
  /** How many messages to send, going round through the bodies; undefined: each body once. */
  readonly count: number | undefined;
  /** Messages to start per second; undefined: as fast as they are taken. */
  readonly rate: number | undefined;
  readonly type: string | undefined;
  readonly contentType: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly correlationId: string | undefined;
  readonly replyTo: string | undefined;
  readonly orderingKey: string | undefined;
  /** How long each message is worth delivering; undefined: for ever. */
  readonly ttlMs: number | undefined;
  /** When each message is to be delivered, milliseconds since 1970; undefined: at once. */
  readonly deliverAt: number | undefined;
  /** The message is not stored if one was sent under this id before, within the router's window. */
  readonly deduplicationId: string | undefined;
  /** `host:port` of each router, at least one. */
  readonly routers: readonly string[];
  readonly durability: Durability;
  readonly timeoutMs: number;
  readonly quiet: boolean;
  readonly printIds: boolean;
  readonly jsonSummary: boolean;
}

const nameOf = (what: string) => z.string().superRefine(passes((value) => checkName(value, what)));

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(`${text} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const wholeNumber = z
  .string()
  .refine((value) => /^[1-9]\d{0,14}$/.test(value), {
    error: ({ input }) => `"${String(input)}" is not a whole number above 0`,
  })
  .transform(Number);

const time = z.string().transform((value, context) => {
  const timeMs = parseTime(value);
  if (timeMs !== undefined) return timeMs;
  const message = `"${value}" is not a time such as 2027-01-31T08:00:00Z or 2027-01-31T08:00+01:00`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

const rate = z
  .string()
  .refine((value) => value.trim() !== "" && Number(value) > 0 && Number(value) <= 1_000_000, {
    error: ({ input }) => `"${String(input)}" is not a number above 0 and up to 1,000,000 a second`,
  })
  .transform(Number);

const attributes = z.array(z.string()).transform((pairs, context) => {
  const record: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 1) context.addIssue({ code: "custom", message: `"${pair}" is not of the form key=value` });
    else record[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return record;
});

const flags = z.object({
  to: nameOf("receiver id").optional(),
  topic: nameOf("topic").optional(),
  from: nameOf("sender id"),
  json: z.array(z.string().superRefine(passes(checkJson))).default([]),
  file: z.array(z.string()).default([]),
  cancel: z.string().superRefine(passes(checkId)).optional(),
  count: wholeNumber.optional(),
  rate: rate.optional(),
  type: z.string().optional(),
  contentType: z.string().optional(),
  attribute: attributes.default({}),
  correlationId: z.string().optional(),
  replyTo: z.string().superRefine(passes(parseAddress)).optional(),
  orderingKey: z.string().optional(),
  ttlMs: wholeNumber.optional(),
  deliverAt: time.optional(),
  deduplicationId: z.string().optional(),
  ...routerFlags,
  durability: z
    .string()
    .superRefine(passes((value) => parseDurability(value, "durability")))
    .transform((value) => value as Durability)
    .default("accepted"),
  timeoutMs: wholeNumber,
  quiet: z.boolean().default(false),
  printIds: z.boolean().default(false),
  jsonSummary: z.boolean().default(false),
});

/**
 * What the command line's flags and texts ask for, or one line per problem in them.
 *
 * @param raw flags as the command line gives them, by their names in camel case
 */
export function checkOptions(
  raw: Readonly<Record<string, unknown>>,
  texts: readonly string[],
): { readonly options: SenderOptions } | { readonly problems: readonly string[] } {
  const checked = flags.safeParse(raw);
  if (!checked.success) return { problems: problemLines(checked.error) };
  const { to, topic, json, file, attribute, router, ...rest } = checked.data;
  const problems: string[] = [];
  if (to === undefined && topic === undefined) problems.push("give --to <receiver> or --topic <name>");
  const bodies = texts.length + json.length + file.length;
  if (rest.cancel !== undefined) {
    if (bodies > 0)
      problems.push("--cancel takes a message back and sends none: give no text, --json or --file with it");
  } else if (bodies === 0) {
    problems.push("nothing to send: give a text, --json, --file, or - for the lines of standard input");
  }
  if (rest.count !== undefined && texts.includes("-")) {
    problems.push(`--count ${rest.count} cannot be used with -, because standard input can be read only once`);
  }
  if (rest.deduplicationId !== undefined && (bodies !== 1 || (rest.count ?? 1) > 1 || texts.includes("-"))) {
    problems.push("--deduplication-id names one message: give one text, --json or --file, and no --count");
  }
  if (texts.filter((text) => text === "-").length > 1) problems.push("- may be given once");
  if (problems.length > 0) return { problems };
  return {
    options: {
      cancel: undefined,
      count: undefined,
      rate: undefined,
      type: undefined,
      contentType: undefined,
      correlationId: undefined,
      replyTo: undefined,
      orderingKey: undefined,
      ttlMs: undefined,
      deliverAt: undefined,
      deduplicationId: undefined,
      tlsCa: undefined,
      tlsCert: undefined,
      tlsKey: undefined,
      ...rest,
      address: to === undefined ? topicAddress(topic ?? "") : receiverAddress(to),
      texts,
      json,
      files: file,
      attributes: attribute,
      routers: router,
    },
  };
}
