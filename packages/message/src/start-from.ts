import { ChappeError } from "./chappe-error.ts";
import { parseTime } from "./parse-time.ts";
import { quote } from "./quote.ts";

/**
 * A position in what a topic keeps: after everything, before everything, at a time, or at a message.
 *
 * A message is found by its id, and reading begins with its batch: messages of the same batch before it come too. Only ids
 * that Chappe made say when they were made, and so where to look.
 */
export type StartFrom = "latest" | "earliest" | StartTime | StartMessage;

/** The first message stored at a time or after it. */
export interface StartTime {
  /** Milliseconds since 1970-01-01 UTC, by the store's clock, 1 to 281,474,976,710,655. One yet to come is "latest". */
  readonly timeMs: number;
}

/** A message that the topic still keeps. */
export interface StartMessage {
  /** A UUIDv7 in its canonical form. */
  readonly messageId: string;
}

/** As many as a UUIDv7 has bits for. */
const MAX_TIME_MS = 2 ** 48 - 1;

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** What texts {@link parseStartFrom} takes, for messages. */
export const START_FROM_ALLOWED = "latest, earliest, a time such as 2026-11-25T09:30:00Z, or the id of a message";

/** Checks a position. @throws ChappeError INVALID_ARGUMENT that says what it was and what is allowed */
export function checkStartFrom(value: StartFrom): StartFrom {
  if (value === "latest" || value === "earliest") return value;
  if (typeof value === "object" && value !== null && Object.keys(value).length === 1) {
    if ("timeMs" in value) return { timeMs: checkTime(value.timeMs) };
    if ("messageId" in value) return { messageId: checkId(value.messageId) };
  }
  const text = JSON.stringify(value) ?? typeof value;
  throw invalid(`startFrom ${quote(text)}: allowed are "latest", "earliest", { timeMs } and { messageId }`);
}

/** Reads a position from a flag or a query. @throws ChappeError INVALID_ARGUMENT for a text that is none */
export function parseStartFrom(text: string, name: string): StartFrom {
  if (text === "latest" || text === "earliest") return text;
  if (UUID_V7.test(text.toLowerCase())) return { messageId: text.toLowerCase() };
  const timeMs = parseTime(text);
  if (timeMs !== undefined && timeMs >= 1 && timeMs <= MAX_TIME_MS) return { timeMs };
  throw invalid(`${name} ${quote(text)}: must be ${START_FROM_ALLOWED}`);
}

/** When an id was made, milliseconds since 1970-01-01 UTC, as a UUIDv7 says in its first 48 bits (RFC 9562, section 5.7). */
export function idTimeMs(messageId: string): number {
  return Number.parseInt(messageId.slice(0, 8) + messageId.slice(9, 13), 16);
}

/** Whether a message is one of the `count` whose ids count up from `firstId`. */
export function isIdAmong(messageId: string, firstId: Uint8Array, count: number): boolean {
  const first = BigInt(`0x${Buffer.from(firstId).toString("hex").padEnd(32, "0").slice(0, 32)}`);
  const distance = BigInt(`0x${messageId.replaceAll("-", "")}`) - first;
  return distance >= 0n && distance < BigInt(count);
}

function checkTime(timeMs: number): number {
  if (Number.isSafeInteger(timeMs) && timeMs >= 1 && timeMs <= MAX_TIME_MS) return timeMs;
  throw invalid(`startFrom.timeMs ${String(timeMs)} must be a whole number from 1 to ${MAX_TIME_MS}`);
}

function checkId(messageId: string): string {
  if (typeof messageId === "string" && UUID_V7.test(messageId)) return messageId;
  throw invalid(`startFrom.messageId ${quote(String(messageId))} must be a UUIDv7, as Chappe makes them`);
}

function invalid(problem: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", problem);
}
