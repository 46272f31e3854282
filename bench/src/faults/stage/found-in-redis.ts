import { connectRedisStore } from "@chappe/broker-redis";
import { decodeBatchHeader, readMessages } from "@chappe/message";
import type { FoundDead, FoundLeft } from "../checker/run-history.ts";
import { keyText, readerText } from "../history/history-event.ts";
import type { BodyContent } from "./program-plan.ts";
import type { RedisSite } from "./redis-site.ts";

/** Most dead letters of one reader that are looked at. */
const MAX_DEAD = 10_000;

/** A subscription. */
interface Name {
  readonly address: string;
  readonly subscription: string;
}

/** What Redis holds of some subscriptions. */
export interface FoundInRedis {
  readonly dead: readonly FoundDead[];
  readonly left: readonly FoundLeft[];
}

/** Looks at the subscriptions, past routers and links. */
export async function findInRedis(site: RedisSite, keyPrefix: string, names: readonly Name[]): Promise<FoundInRedis> {
  const connected = Promise.withResolvers<void>();
  const store = connectRedisStore({
    url: site.url,
    keyPrefix,
    instance: "faults",
    onEvent: ({ kind }) => kind === "connected" && connected.resolve(),
  });
  try {
    await connected.promise;
    const dead: FoundDead[] = [];
    const left: FoundLeft[] = [];
    for (const name of names) {
      const reader = readerText(name.address, name.subscription);
      for (const { headerBytes, records, first, count, reason } of await store.deadLetters(name, MAX_DEAD)) {
        const header = decodeBatchHeader(headerBytes);
        for (const message of readMessages({ header, records, first, count })) {
          const { sender, sequence } = JSON.parse(message.text()) as BodyContent;
          dead.push({ reader, key: keyText({ sender, address: name.address, sequence }), reason });
        }
      }
      const state = await store.inspect(name.address);
      const here = state?.subscriptions.find(({ subscription }) => subscription === name.subscription);
      const pending = await pendingOf(site, keyPrefix, name);
      if (here !== undefined && pending !== undefined) {
        left.push({ reader, depth: here.depth, delayed: state?.delayed ?? 0, pending });
      }
    }
    return { dead, left };
  } finally {
    await store.close();
  }
}

/** Entries that some instance holds, in the address's stream and in that of its retries. Undefined: there is no such reader. */
async function pendingOf(
  site: RedisSite,
  keyPrefix: string,
  { address, subscription }: Name,
): Promise<number | undefined> {
  const group = subscription === "" ? "receiver" : subscription;
  const patterns = [`${keyPrefix}:*:stream:${address}`, `${keyPrefix}:*:retries:${address}/${subscription}`];
  let pending: number | undefined;
  for (const server of await site.masters()) {
    for (const pattern of patterns) {
      for (const key of (await server.call("KEYS", pattern)) as string[]) {
        const groups = (await server.call("XINFO", "GROUPS", key)) as (string | number)[][];
        const mine = groups.find((fields) => fields[fields.indexOf("name") + 1] === group);
        if (mine !== undefined) pending = (pending ?? 0) + Number(mine[mine.indexOf("pending") + 1]);
      }
    }
  }
  return pending;
}
