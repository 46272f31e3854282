// For programs that run a router.
export { startRouter, type Router } from "./router.ts";
export type { RouterOptions } from "./router-options.ts";
export type { ConsumerName, RouterEvent } from "./router-event.ts";
