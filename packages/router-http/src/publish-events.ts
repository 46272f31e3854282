import type { Broker, Durability, Receipt } from "@chappe/broker";
import { BatchBuilder, ChappeError } from "@chappe/message";
import type { EventMessage } from "./event-request.ts";

/** How events are stored. */
export interface PublishEventsOptions {
  readonly durability: Durability;
  /** Most bytes of one body. */
  readonly maxMessageBytes: number;
}

/** What became of one event: it is stored, or it is not, and this is why. */
export type EventResult =
  | { readonly id: string; readonly receipt: Receipt; readonly error?: undefined }
  | { readonly id: string | undefined; readonly error: ChappeError };

/** Events that go into one batch, by their places in the request. */
interface Group {
  readonly builder: BatchBuilder;
  readonly places: number[];
}

const NO_PRODUCER = new Uint8Array(0);

/**
 * Publishes events and answers each, in their order. Events of one sender for one address with the same options are
 * stored together; what is wrong with one event, or with one batch, leaves the others alone.
 *
 * @param events in place of an event, why it is none
 */
export async function publishEvents(
  broker: Broker,
  events: readonly (EventMessage | ChappeError)[],
  { durability, maxMessageBytes }: PublishEventsOptions,
): Promise<EventResult[]> {
  const results = new Array<EventResult>(events.length);
  const open = new Map<string, Group>();
  const groups: Group[] = [];
  const nowMs = Date.now();
  const add = (event: EventMessage, place: number): void => {
    const { sender, address, message } = event;
    const { orderingKey, ttlMs } = message;
    const key = JSON.stringify([sender, address, orderingKey, ttlMs]);
    let group = open.get(key);
    if (group === undefined || group.builder.add(message, nowMs) === -1) {
      group = { builder: new BatchBuilder({ sender, address, orderingKey, ttlMs }, { maxMessageBytes }), places: [] };
      group.builder.add(message, nowMs);
      open.set(key, group);
      groups.push(group);
    }
    group.places.push(place);
  };
  events.forEach((event, place) => {
    try {
      if (event instanceof ChappeError) throw event;
      add(event, place);
    } catch (error) {
      results[place] = { id: idOf(event), error: ChappeError.from(error) };
    }
  });
  // All in one turn of the event loop, so that the broker stores them with one append, in this order.
  const published = groups.map(async ({ builder, places }) => {
    try {
      const receipt = await broker.publish(builder.finish(NO_PRODUCER, 0), { durability });
      for (const place of places) results[place] = { id: idOf(events[place])!, receipt };
    } catch (error) {
      for (const place of places) results[place] = { id: idOf(events[place]), error: ChappeError.from(error) };
    }
  });
  await Promise.all(published);
  return results;
}

/** An event always has an id; what could not be read has none that is known. */
function idOf(event: EventMessage | ChappeError | undefined): string | undefined {
  return event === undefined || event instanceof ChappeError ? undefined : event.message.id;
}
