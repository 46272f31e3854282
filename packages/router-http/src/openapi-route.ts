import { z } from "zod";
import { openApiDocument } from "./openapi.ts";
import type { Route } from "./route.ts";

/** `GET /openapi.json`: what all of `routes`, and this one, take and answer. */
export function openApiRoute(routes: readonly Route[]): Route {
  let text: string | undefined;
  const route: Route = {
    method: "GET",
    path: "/openapi.json",
    operationId: "openapi",
    summary: "This document",
    parameters: [],
    responses: {
      200: { description: "OpenAPI 3.1.", content: { "application/json": z.looseObject({ openapi: z.string() }) } },
    },
    errors: [],
    servedWhileDraining: true,
    handler(_, reply) {
      text ??= JSON.stringify(openApiDocument([...routes, route]));
      reply.header("content-type", "application/json");
      return text;
    },
  };
  return route;
}
