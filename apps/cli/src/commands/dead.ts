import type { DeadLetterChoice, DeadLetterView, SubscriptionPlace } from "@chappe/client/admin";
import { bodyText, harmless, preview } from "@chappe/message";
import { counted } from "../counted.ts";
import { durationText } from "../durations.ts";
import { placeText } from "../place-text.ts";
import { printJson, type Session } from "../session.ts";
import { type Column, tableLines } from "../table.ts";
import { messageJson } from "./peek.ts";

const COLUMNS: readonly Column<DeadLetterView>[] = [
  { title: "ID", text: ({ id }) => id },
  { title: "DIED", align: "right", text: ({ diedAt }) => durationText(Date.now() - diedAt.getTime()) },
  { title: "ATTEMPTS", align: "right", text: ({ attempts }) => String(attempts) },
  { title: "MESSAGE", text: ({ message }) => preview(message.id || "cannot be read", 40) },
  { title: "SENDER", text: ({ message }) => preview(message.sender, 30) },
  { title: "TYPE", text: ({ message }) => preview(message.type || "-", 30) },
  { title: "REASON", text: ({ reason }) => preview(reason, 80) },
];

/** Lists dead letters, oldest first. */
export async function runDeadList(
  session: Session,
  place: SubscriptionPlace,
  { reason, limit }: { readonly reason: string; readonly limit: number },
): Promise<void> {
  const letters: DeadLetterView[] = [];
  let more = false;
  for await (const letter of session.admin.deadLetters(place, { reason })) {
    more = letters.length === limit;
    if (more) break;
    letters.push(letter);
  }
  if (session.json)
    return printJson(session, { deadLetters: letters.map((letter) => letterJson(letter, false)), more });
  if (letters.length === 0) return session.tell(`no dead letters at ${placeText(place)}`);
  for (const line of tableLines(COLUMNS, letters)) session.print(line);
  if (more) session.tell(`there are more than these ${limit}; --limit shows more`);
}

/** Shows one dead letter with its body. */
export async function runDeadShow(session: Session, place: SubscriptionPlace, id: string): Promise<void> {
  const letter = await session.admin.deadLetter(place, id);
  if (session.json) return printJson(session, letterJson(letter, true));
  const { message, reason, attempts, diedAt } = letter;
  const facts: readonly (readonly [string, string])[] = [
    ["id", letter.id],
    ["reason", reason],
    ["attempts", String(attempts)],
    ["died", diedAt.toISOString()],
    ["message", message.id],
    ["sender", message.sender],
    ["type", message.type],
    ["content type", message.contentType],
    ["sent", message.time.toISOString()],
    ["correlation id", message.correlationId],
    ["reply to", message.replyTo],
    ["ordering key", message.orderingKey],
    ["traceparent", message.traceparent],
    ...Object.entries(message.attributes).map(([key, value]) => [`attribute ${key}`, value] as const),
    ["body", `${message.bodyBytes} bytes`],
  ];
  for (const [name, value] of facts) if (value !== "") session.print(harmless(`${name.padEnd(16)}${value}`));
  const text = bodyText(message);
  session.print("");
  session.print(text === undefined ? "(no text; --json has it as base64)" : text.split("\n").map(harmless).join("\n"));
}

/** Puts dead letters back into their queue. */
export async function runRedrive(session: Session, place: SubscriptionPlace, choice: DeadLetterChoice): Promise<void> {
  const messages = await session.admin.redrive(place, choice);
  if (session.json) return printJson(session, { redriven: messages });
  session.print(`${counted(messages, "message")} put back into the queue of ${placeText(place)}`);
}

/** Deletes dead letters. */
export async function runDeadPurge(
  session: Session,
  place: SubscriptionPlace,
  choice: DeadLetterChoice,
): Promise<void> {
  await session.confirm(`Delete ${choiceText(choice)} of ${placeText(place)}?`);
  const messages = await session.admin.purgeDeadLetters(place, choice);
  if (session.json) return printJson(session, { purged: messages });
  session.print(`${counted(messages, "dead letter")} of ${placeText(place)} deleted`);
}

function choiceText({ ids, reason }: DeadLetterChoice): string {
  if (ids !== undefined) return counted(ids.length, "dead letter");
  return reason === undefined ? "every dead letter" : `the dead letters whose reason contains "${harmless(reason)}"`;
}

function letterJson({ message, ...letter }: DeadLetterView, withBody: boolean) {
  return { ...letter, message: messageJson(message, withBody) };
}
