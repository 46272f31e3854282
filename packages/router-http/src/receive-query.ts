import type { StartFrom } from "@chappe/broker";
import { ChappeError, parseStartFrom, START_FROM_ALLOWED } from "@chappe/message";
import { z } from "zod";
import type { Parameter } from "./route.ts";

/** What a consumer asks for beside where it reads. */
export interface ReceiveQuery {
  readonly consumer: string;
  readonly credit: number;
  readonly leaseMs: number;
  readonly startFrom: StartFrom | undefined;
  readonly singleActive: boolean;
}

const DEFAULT_CREDIT = 100;

/** As over gRPC. */
const MAX_CREDIT = 1_000_000;

const MIN_LEASE_MS = 1_000;
const MAX_LEASE_MS = 3_600_000;

/** The query parameters of a stream, for the document. */
export function receiveParameters(hasStart: boolean, leaseMs: number): readonly Parameter[] {
  const parameter = (name: string, description: string, schema: z.ZodType): Parameter => ({
    name,
    in: "query",
    description,
    schema,
  });
  return [
    parameter("consumer", "Name of this consumer, for operators.", z.string().default("http")),
    parameter(
      "credit",
      "How many messages may be unsettled at a time.",
      z.int().min(1).max(MAX_CREDIT).default(DEFAULT_CREDIT),
    ),
    parameter(
      "leaseMs",
      "A consumer that holds messages and says nothing for so long is taken for dead.",
      z.int().min(MIN_LEASE_MS).max(MAX_LEASE_MS).default(leaseMs),
    ),
    parameter(
      "singleActive",
      "Of all consumers of the subscription one at a time is handed messages; all of them must ask for it.",
      z.boolean().default(false),
    ),
    ...(hasStart
      ? [
          parameter(
            "startFrom",
            `Where the subscription begins if it is not there yet: ${START_FROM_ALLOWED}.`,
            z.string().default("latest"),
          ),
        ]
      : []),
  ];
}

/**
 * Reads the query parameters of a stream.
 *
 * @param leaseMs the router's own, where the consumer asks for none
 * @throws ChappeError INVALID_ARGUMENT that names the parameter, its value and what is allowed
 */
export function readReceiveQuery(
  query: Readonly<Record<string, unknown>>,
  hasStart: boolean,
  leaseMs: number,
): ReceiveQuery {
  const { consumer = "http", credit, leaseMs: ownLease, startFrom, singleActive = "false", ...rest } = query;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined || (startFrom !== undefined && !hasStart)) {
    const allowed = `consumer, credit, leaseMs, singleActive${hasStart ? ", startFrom" : ""}`;
    throw invalid(`query parameter ${unknown ?? "startFrom"} is not known here: allowed are ${allowed}`);
  }
  if (singleActive !== "true" && singleActive !== "false") {
    throw invalid(`singleActive ${JSON.stringify(singleActive)}: must be true or false`);
  }
  return {
    consumer: String(consumer),
    credit: wholeNumber("credit", credit, 1, MAX_CREDIT) ?? DEFAULT_CREDIT,
    leaseMs: wholeNumber("leaseMs", ownLease, MIN_LEASE_MS, MAX_LEASE_MS) ?? leaseMs,
    startFrom: startFrom === undefined ? undefined : parseStartFrom(textOf(startFrom), "startFrom"),
    singleActive: singleActive === "true",
  };
}

/** One that is given twice is a list. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function wholeNumber(name: string, text: unknown, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw invalid(`${name} ${JSON.stringify(text)}: must be a whole number from ${min} to ${max}`);
}

function invalid(message: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", message);
}
