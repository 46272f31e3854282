import { resolveCaseOptions } from "../case-options.ts";
import { startChappeSystem } from "../end-to-end/chappe-system.ts";
import { redisVersion } from "../redis/redis-server-version.ts";
import { aofFor } from "./peer-system.ts";
import type { Peer } from "./peer.ts";

/** Chappe itself, under the very load of its peers. */
export const chappePeer: Peer = {
  name: "chappe",
  concurrency: 2_000,
  atHand: () => true,
  find: async (durability) => ({
    server: await redisVersion(),
    client: "@chappe/client of this commit",
    settings: `defaults; appendfsync ${aofFor(durability)}`,
    start: () => startChappeSystem(resolveCaseOptions({ aof: aofFor(durability) }, {})),
  }),
};
