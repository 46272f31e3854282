import type { SubscriptionPlace } from "@chappe/client/admin";
import { counted } from "../counted.ts";
import { placeText } from "../place-text.ts";
import { printJson, type Session } from "../session.ts";

/** Deletes what waits and nobody holds. */
export async function runPurge(session: Session, place: SubscriptionPlace): Promise<void> {
  await session.confirm(`Delete every message that waits at ${placeText(place)}?`);
  const messages = await session.admin.purge(place);
  if (session.json) return printJson(session, { purged: messages });
  session.print(`${counted(messages, "message")} of ${placeText(place)} deleted`);
  const { delayedMessages } = await session.admin.address(place.address);
  if (delayedMessages > 0) session.tell(`${counted(delayedMessages, "delayed message")} left: --delayed deletes them`);
}

/** Deletes an address's delayed messages. */
export async function runPurgeDelayed(session: Session, address: string): Promise<void> {
  await session.confirm(`Delete every delayed message of ${address}?`);
  const messages = await session.admin.purgeDelayed(address);
  if (session.json) return printJson(session, { purged: messages });
  session.print(`${counted(messages, "delayed message")} of ${address} deleted`);
}

/** Deletes an address. */
export async function runDeleteAddress(session: Session, address: string, force: boolean): Promise<void> {
  await session.confirm(`Delete ${address}${force ? " with all it has, whoever uses it" : ""}?`);
  await session.admin.deleteAddress(address, { force });
  if (session.json) return printJson(session, { deleted: address });
  session.print(`${address} deleted`);
}

/** Deletes a subscription. */
export async function runDeleteSubscription(session: Session, place: SubscriptionPlace, force: boolean): Promise<void> {
  await session.confirm(`Delete ${placeText(place)}${force ? " with all it has, whoever reads it" : ""}?`);
  await session.admin.deleteSubscription(place, { force });
  if (session.json) return printJson(session, { deleted: placeText(place) });
  session.print(`${placeText(place)} deleted`);
}
