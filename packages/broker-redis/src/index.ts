// For programs that compose a broker.
export { connectRedisStore } from "./redis-store.ts";
export type { RedisStoreEvent, RedisStoreOptions } from "./store-options.ts";
export { type Endpoint, parseStoreUrl, type RedisServer, type SentinelGroup, type StorePlace } from "./store-url.ts";
