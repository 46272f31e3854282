// For programs that compose a broker.
export { connectRedisStore } from "./redis-store.ts";
export type { RedisStoreEvent, RedisStoreOptions } from "./store-options.ts";
export type { RedisServer } from "./store-url.ts";
