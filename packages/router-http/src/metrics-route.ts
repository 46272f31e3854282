import { z } from "zod";
import type { Metrics } from "./metrics/metrics.ts";
import type { Route } from "./route.ts";

/** `GET /metrics`, for Prometheus. */
export function metricsRoute(metrics: Metrics): Route {
  return {
    method: "GET",
    path: "/metrics",
    operationId: "metrics",
    summary: "What passed through, what is in flight and how deep queues are, for Prometheus",
    parameters: [],
    responses: { 200: { description: "Metrics in the text format.", content: { "text/plain": z.string() } } },
    errors: [500],
    servedWhileDraining: true,
    handler(_, reply) {
      reply.header("content-type", metrics.contentType);
      return metrics.text();
    },
  };
}
