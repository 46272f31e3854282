import { hostname } from "node:os";
import type { TlsFlags } from "@chappe/command-line";
import { passes, problemLines, routerFlags } from "@chappe/command-line/flag-schemas";
import {
  checkName,
  parseStartFrom,
  receiverAddress,
  START_FROM_ALLOWED,
  type StartFrom,
  topicAddress,
} from "@chappe/message";
import { z } from "zod";

/** What the receiver is asked to do, checked. */
export interface ReceiverOptions extends TlsFlags {
  readonly from: Source;
  /** Print JSON instead of lines for people. */
  readonly json: boolean;
  /** Folder to save bodies in. */
  readonly out: string | undefined;
  /** How many messages to receive; undefined: until told to stop. */
  readonly count: number | undefined;
  readonly concurrency: number;
  readonly consumer: string;
  /** Take messages only while no other consumer of the subscription does. */
  readonly singleActive: boolean;
  /** `host:port` of each router, at least one. */
  readonly routers: readonly string[];
  readonly quiet: boolean;
}

/** What is read: a receiver's queue, or a subscription of a topic. */
export type Source =
  | { readonly kind: "receiver"; readonly id: string }
  | {
      readonly kind: "topic";
      readonly topic: string;
      readonly subscription: string;
      /** Where a new subscription begins; undefined: nothing was said, so with what is published from then on. */
      readonly startFrom: StartFrom | undefined;
    };

/** "receiver:receiver-01", "topic:orders/billing". */
export function sourceText(source: Source): string {
  return source.kind === "receiver"
    ? receiverAddress(source.id)
    : `${topicAddress(source.topic)}/${source.subscription}`;
}

const nameOf = (what: string) => z.string().superRefine(passes((value) => checkName(value, what)));

function checkPosition(text: string): void {
  try {
    parseStartFrom(text, "--from");
  } catch {
    throw new Error(`"${text}" is not ${START_FROM_ALLOWED}`);
  }
}

const wholeNumber = (max: number) =>
  z
    .string()
    .refine((value) => /^[1-9]\d{0,14}$/.test(value) && Number(value) <= max, {
      error: ({ input }) => `"${String(input)}" is not a whole number from 1 to ${max.toLocaleString("en-US")}`,
    })
    .transform(Number);

const flags = z.object({
  receiver: nameOf("receiver id").optional(),
  topic: nameOf("topic").optional(),
  subscription: nameOf("subscription").optional(),
  from: z.string().superRefine(passes(checkPosition)).optional(),
  fromStart: z.boolean().default(false),
  json: z.boolean().default(false),
  out: z.string().min(1, { error: "name a folder" }).optional(),
  count: wholeNumber(Number.MAX_SAFE_INTEGER).optional(),
  concurrency: wholeNumber(1000),
  consumer: nameOf("consumer").default(defaultConsumer),
  singleActive: z.boolean().default(false),
  ...routerFlags,
  quiet: z.boolean().default(false),
});

type Flags = z.infer<typeof flags>;

/**
 * What the command line's flags and argument ask for, or one line per problem in them.
 *
 * @param raw flags as the command line gives them, by their names in camel case
 * @param receiver the argument
 */
export function checkOptions(
  raw: Readonly<Record<string, unknown>>,
  receiver: string | undefined,
): { readonly options: ReceiverOptions } | { readonly problems: readonly string[] } {
  const checked = flags.safeParse({ ...raw, receiver });
  if (!checked.success) return { problems: problemLines(checked.error, ["receiver"]) };
  const from = sourceOf(checked.data);
  if (typeof from === "string") return { problems: [from] };
  const { json, out, count, concurrency, consumer, singleActive, router, quiet } = checked.data;
  const { tls, tlsCa, tlsCert, tlsKey } = checked.data;
  return {
    options: {
      ...{ from, json, out, count, concurrency, consumer, singleActive, routers: router, quiet },
      ...{ tls, tlsCa, tlsCert, tlsKey },
    },
  };
}

/** What to read, or what is wrong with the flags that say so. */
function sourceOf({ receiver, topic, subscription, from, fromStart }: Flags): Source | string {
  if (receiver !== undefined && topic !== undefined) {
    return `give a receiver ("${receiver}") or --topic ("${topic}"), not both`;
  }
  if (topic !== undefined) {
    if (subscription === undefined) return "--topic also needs --subscription <name>";
    if (fromStart && from !== undefined && from !== "earliest") {
      return `--from-start is --from earliest; leave out one of it and --from ${from}`;
    }
    const said = fromStart ? "earliest" : from;
    const startFrom = said === undefined ? undefined : parseStartFrom(said, "--from");
    return { kind: "topic", topic, subscription, startFrom };
  }
  if (receiver === undefined) return "give a receiver, or --topic <name> and --subscription <name>";
  if (subscription !== undefined) return "--subscription is for a --topic: a receiver has one queue";
  if (fromStart) return "--from-start is for a --topic: a receiver always begins with its oldest message";
  if (from !== undefined) return "--from is for a --topic: a receiver always begins with its oldest message";
  return { kind: "receiver", id: receiver };
}

/** Operators see it; letters that a name may not have become `-`. */
function defaultConsumer(): string {
  return `${hostname()
    .replaceAll(/[^\w.-]/g, "-")
    .slice(0, 150)}-${process.pid}`;
}
