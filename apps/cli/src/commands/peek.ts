import type { SubscriptionPlace, WaitingView } from "@chappe/client/admin";
import { bodyText, preview } from "@chappe/message";
import { bodyJson } from "../body-json.ts";
import { counted } from "../counted.ts";
import { durationText } from "../durations.ts";
import { placeText } from "../place-text.ts";
import { printJson, type Session } from "../session.ts";
import { type Column, tableLines } from "../table.ts";

/** What `peek` was given. */
export interface PeekOptions extends SubscriptionPlace {
  readonly limit: number;
  /** How much of each body to show; 0: nothing. */
  readonly bodyBytes: number;
}

const PREVIEW_CHARACTERS = 60;

const COLUMNS: readonly Column<WaitingView>[] = [
  { title: "MESSAGE", text: ({ id }) => preview(id || "cannot be read", 40) },
  { title: "STATE", text: ({ state }) => state },
  { title: "ATTEMPT", align: "right", text: ({ attempt }) => String(attempt) },
  { title: "SINCE", align: "right", text: ({ since }) => sinceText(since) },
  { title: "SENDER", text: ({ sender }) => preview(sender, 30) },
  { title: "TYPE", text: ({ type }) => preview(type || "-", 30) },
  { title: "BYTES", align: "right", text: ({ bodyBytes }) => String(bodyBytes) },
  { title: "HOLDER", text: ({ holder }) => holder || "-" },
];

const BODY_COLUMN: Column<WaitingView> = {
  title: "BODY",
  text: (message) => preview(bodyText(message) ?? message.contentType, PREVIEW_CHARACTERS),
};

/** Shows what waits, oldest first, and takes nothing. */
export async function runPeek(session: Session, { limit, bodyBytes, ...place }: PeekOptions): Promise<void> {
  const messages = await session.admin.peek(place, { limit, maxBodyBytes: bodyBytes });
  if (session.json)
    return printJson(session, { messages: messages.map((message) => messageJson(message, bodyBytes > 0)) });
  if (messages.length === 0) return tellNothingWaits(session, place);
  const columns = bodyBytes > 0 ? [...COLUMNS, BODY_COLUMN] : COLUMNS;
  for (const line of tableLines(columns, messages)) session.print(line);
}

/** Delayed messages are no subscription's yet, and not shown. */
async function tellNothingWaits({ admin, tell }: Session, place: SubscriptionPlace): Promise<void> {
  const { delayedMessages } = await admin.address(place.address);
  const delayed = delayedMessages === 0 ? "" : `, apart from ${counted(delayedMessages, "delayed message")}`;
  tell(`nothing waits at ${placeText(place)}${delayed}`);
}

/** A message in JSON, with its body as `text` or `base64` or without it. */
export function messageJson<View extends Parameters<typeof bodyJson>[0]>(message: View, withBody: boolean) {
  const { body: _, ...rest } = message;
  return { ...rest, ...(withBody && bodyJson(message)) };
}

/** `3 min ago`, or `in 3 min` for what is to be tried again. */
function sinceText(since: Date): string {
  const ageMs = Date.now() - since.getTime();
  return ageMs < 0 ? `in ${durationText(-ageMs)}` : durationText(ageMs);
}
