import { cancelRoute } from "./cancel-route.ts";
import { healthRoutes } from "./health-routes.ts";
import type { HttpContext } from "./http-context.ts";
import { metricsRoute } from "./metrics-route.ts";
import { openApiRoute } from "./openapi-route.ts";
import { publishRoute } from "./publish-route.ts";
import { READING_PATHS } from "./reading-place.ts";
import { receiveRoutes } from "./receive-routes.ts";
import type { Route } from "./route.ts";

/** Everything that is served. */
export function routesOf(context: HttpContext): readonly Route[] {
  const { metrics } = context;
  const routes = [
    publishRoute(context),
    cancelRoute(context),
    ...READING_PATHS.flatMap((at) => receiveRoutes(at, context)),
    ...healthRoutes(context),
    ...(metrics === undefined ? [] : [metricsRoute(metrics)]),
  ];
  return [...routes, openApiRoute(routes)];
}
