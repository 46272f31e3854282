import type { Broker } from "@chappe/broker";
import type { ChappeError } from "@chappe/message";
import type { HttpRouterEvent } from "./http-router-event.ts";
import type { ResolvedHttpRouterOptions } from "./http-router-options.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { RequestsInFlight } from "./requests-in-flight.ts";
import type { StreamRegistry } from "./stream-registry.ts";

/** What the routes share. */
export interface HttpContext {
  readonly broker: Broker;
  readonly options: ResolvedHttpRouterOptions;
  readonly streams: StreamRegistry;
  readonly requests: RequestsInFlight;
  readonly metrics: Metrics | undefined;
  /** Why messages are not taken; undefined when they are. */
  readonly readiness: () => Promise<ChappeError | undefined>;
  readonly onEvent: (event: HttpRouterEvent) => void;
}
