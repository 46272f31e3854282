import type { RedisStoreEvent } from "@chappe/broker-redis";
import type { Logger } from "pino";
import { brief } from "./router-log.ts";

/** Logs what the Redis store tells. It tells of every attempt to connect; one line for the first says as much. */
export function logStoreEvents(log: Logger): (event: RedisStoreEvent) => void {
  const trouble = new Set<RedisStoreEvent["kind"]>();
  const once = (kind: RedisStoreEvent["kind"], tell: () => void): void => {
    if (!trouble.has(kind)) tell();
    trouble.add(kind);
  };
  return (event) => {
    switch (event.kind) {
      case "connected":
        trouble.delete("disconnected");
        return log.info("connected to Redis");
      case "disconnected":
        return once(event.kind, () =>
          log.warn(
            { error: brief(event.error), ...(event.server !== undefined && { node: event.server }) },
            "Redis is out of reach; trying on",
          ),
        );
      case "refused":
        return log.error({ error: brief(event.error) }, "Redis refuses what this router needs");
      case "waking":
        if (trouble.delete("not-waking")) log.info("wake-ups arrive again");
        return;
      case "not-waking":
        // While Redis is out of reach altogether, that line has said it.
        if (trouble.has("disconnected")) return;
        return once(event.kind, () =>
          log.warn(
            { error: brief(event.error) },
            "wake-ups do not arrive; messages of other routers wait for a look-round",
          ),
        );
      case "epoch-changed":
        return log.error(
          { address: event.address, epoch: event.epoch },
          "Redis lost messages of this address, or an operator deleted it; senders that live send again what they remember",
        );
      case "entry-damaged": {
        const { address, subscription, ref } = event;
        return log.error({ address, subscription, ref }, "an entry cannot be read and is passed over");
      }
      case "instances-gone":
        return log.warn({ instances: event.instances }, "routers are gone without a word; taking over what they held");
    }
  };
}
