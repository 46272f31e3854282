import type { SubscriptionPlace } from "@chappe/client/admin";
import type { StartFrom } from "@chappe/message";
import { placeText } from "../place-text.ts";
import { printJson, type Session } from "../session.ts";

/** Moves a topic's subscription to a position in what the topic keeps. */
export async function runSeek(session: Session, place: SubscriptionPlace, position: StartFrom): Promise<void> {
  const [moved, to] = [placeText(place), positionText(position)];
  await session.confirm(`Move ${moved} to ${to}? Its consumers lose what they hold, and waiting retries are dropped.`);
  await session.admin.seek(place, position);
  if (session.json) return printJson(session, { moved, to });
  session.print(`${moved} moved to ${to}`);
}

/** As --to takes it. */
function positionText(position: StartFrom): string {
  if (typeof position === "string") return position;
  return "timeMs" in position ? new Date(position.timeMs).toISOString() : position.messageId;
}
