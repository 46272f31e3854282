import type { EntryHolder, SubscriptionName } from "@chappe/broker";
import { groupsOf } from "./consumer-groups.ts";
import type { Keys } from "./keys.ts";
import type { RedisClient, Reply } from "./redis-client.ts";
import { fieldsOf } from "./reply-fields.ts";
import { groupOf } from "./subscription-place.ts";

/** What was given back is pending for a consumer of this name. */
export const FREE = "free";

/** Instances that own entries of a subscription. None where its group, or its stream, is not there. @throws ChappeError */
export async function holdersOf(connection: RedisClient, keys: Keys, name: SubscriptionName): Promise<EntryHolder[]> {
  const { stream, retries } = keys.subscription(name);
  const held = new Map<string, number>();
  for (const key of [stream, retries]) {
    for (const consumer of await consumersOf(connection, key, groupOf(name))) {
      const { name: instance = "", pending = "0" } = fieldsOf(consumer);
      if (instance === FREE || pending === "0") continue;
      held.set(instance, (held.get(instance) ?? 0) + Number(pending));
    }
  }
  return [...held].map(([instance, heldEntries]) => ({ instance, heldEntries }));
}

async function consumersOf(connection: RedisClient, key: string, group: string): Promise<readonly Reply[]> {
  const groups = await groupsOf(connection, key);
  if (!groups?.some(({ name }) => name === group)) return [];
  return (await connection.call("XINFO", "CONSUMERS", key, group)) as readonly Reply[];
}
