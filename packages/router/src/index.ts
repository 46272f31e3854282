// For programs that run a router.
export { startRouter, type Router } from "./router.ts";
export type { RouterOptions } from "./router-options.ts";
export type { ConsumerName, RouterEvent } from "./router-event.ts";
export { tlsCredentials, type TlsOptions } from "./tls-credentials.ts";

// For operators.
export type { AdminChange } from "./admin/admin-change.ts";
export { type AdminRouter, type AdminRouterOptions, startAdminRouter } from "./admin/admin-router.ts";

// For programs that watch one.
export { checkHealth, type HealthCheckOptions } from "./check-health.ts";
