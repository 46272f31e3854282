import type { ClusterSite } from "./cluster-site.ts";
import type { RedisServer } from "./redis-server.ts";
import type { SentinelSite } from "./sentinel-site.ts";
import type { StandaloneSite } from "./standalone-site.ts";

/** How Redis can stand: alone, as a primary and a replica with three sentinels, or as a cluster of three masters with a replica each. */
export const SITES = ["standalone", "sentinel", "cluster"] as const;

/** One of `SITES`. */
export type SiteName = (typeof SITES)[number];

/** What every site can do. */
export interface AnySite extends AsyncDisposable {
  /** As `connectRedisStore` takes it. Past the links of a server that stands alone, and by those of all others. */
  readonly url: string;
  /** Servers that take writes. */
  masters(): Promise<readonly RedisServer[]>;
  /** The one of them that holds an address. */
  masterOf(address: string): Promise<RedisServer>;
  /** Resolves when every server runs and every master has its replica, with true, or with false after `deadlineMs`. */
  isWhole(deadlineMs: number): Promise<boolean>;
}

/** Where the messages rest, and what can be done to it. */
export type RedisSite = StandaloneSite | SentinelSite | ClusterSite;

/** A site where a replica can take over. */
export type ReplicatedSite = SentinelSite | ClusterSite;
