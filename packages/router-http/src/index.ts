// For programs that run a router.
export { type HttpRouter, startHttpRouter } from "./http-router.ts";
export type { HttpRouterOptions, HttpTlsOptions } from "./http-router-options.ts";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics/metrics.ts";
export type { HttpConsumerName, HttpRouterEvent } from "./http-router-event.ts";
