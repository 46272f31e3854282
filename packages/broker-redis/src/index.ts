// For programs that compose a broker.
export { connectRedisStore } from "./redis-store.ts";
export type { RedisServer, RedisStoreEvent, RedisStoreOptions } from "./store-options.ts";
