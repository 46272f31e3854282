import { bodyText, harmless, preview } from "@chappe/message";

/** What a printed line tells of a message. */
export interface PrintableMessage {
  readonly id: string;
  readonly sender: string;
  readonly address: string;
  readonly type: string;
  readonly contentType: string;
  readonly timeMs: number;
  readonly correlationId: string;
  readonly replyTo: string;
  readonly orderingKey: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** 1 + failures counted. */
  readonly attempt: number;
  /** It may have been handed out before, uncounted. */
  readonly redelivered: boolean;
}

const PREVIEW_CHARACTERS = 120;

/**
 * A message as a line for people: time, sender, type, content type, size, and the beginning of a text. Whatever it
 * holds, the line is one line and does nothing to a terminal.
 *
 * @param savedAs path of the file its body went to
 */
export function messageLine(message: PrintableMessage, savedAs?: string): string {
  const text = bodyText(message);
  const parts = [
    timeText(message.timeMs),
    harmless(message.sender),
    message.type === "" ? "-" : harmless(message.type),
    harmless(message.contentType),
    sizeText(message.body.length),
  ];
  if (message.attempt > 1) parts.push(`attempt ${message.attempt}`);
  if (message.redelivered) parts.push("redelivered");
  if (savedAs !== undefined) parts.push(savedAs);
  else if (text !== undefined) parts.push(preview(text, PREVIEW_CHARACTERS));
  return parts.join("  ");
}

/** A message as a JSON object on one line. A text body is `text`, any other is `base64`: neither loses a byte. */
export function messageJson(message: PrintableMessage, savedAs?: string): string {
  const { id, sender, address, type, contentType, correlationId, replyTo, orderingKey, attempt, redelivered } = message;
  const body = savedAs === undefined ? bodyFields(message) : { file: savedAs };
  return JSON.stringify({
    id,
    time: timeText(message.timeMs),
    sender,
    address,
    type,
    contentType,
    correlationId: correlationId || undefined,
    replyTo: replyTo || undefined,
    orderingKey: orderingKey || undefined,
    attributes: Object.keys(message.attributes).length > 0 ? message.attributes : undefined,
    attempt,
    redelivered,
    bytes: message.body.length,
    ...body,
  });
}

/** A size for people: "23 B", "1.5 KiB", "1 MiB". */
export function sizeText(bytes: number): string {
  const inUnit = (value: number, unit: string) => `${Number(value.toFixed(1))} ${unit}`;
  if (bytes < 1024) return inUnit(bytes, "B");
  if (bytes < 1024 ** 2) return inUnit(bytes / 1024, "KiB");
  return inUnit(bytes / 1024 ** 2, "MiB");
}

/** ISO 8601; a sender may claim a time beyond what dates can hold, which then stands as it is. */
function timeText(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
}

function bodyFields(message: PrintableMessage): { readonly text: string } | { readonly base64: string } {
  const text = bodyText(message);
  if (text !== undefined) return { text };
  const { buffer, byteOffset, byteLength } = message.body;
  return { base64: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
}
