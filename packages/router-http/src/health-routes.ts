import { ChappeError } from "@chappe/message";
import { z } from "zod";
import type { HttpContext } from "./http-context.ts";
import type { Route } from "./route.ts";

const healthSchema = z.object({ status: z.enum(["alive", "ready"]) }).meta({ id: "Health" });

/** `GET /healthz`: this process lives. `GET /readyz`: messages are taken, which takes a store that answers. */
export function healthRoutes({ readiness, streams }: HttpContext): Route[] {
  return [
    {
      method: "GET",
      path: "/healthz",
      operationId: "healthz",
      summary: "Whether the process lives",
      parameters: [],
      responses: { 200: { description: "It does.", content: { "application/json": healthSchema } } },
      errors: [],
      servedWhileDraining: true,
      handler: () => ({ status: "alive" }),
    },
    {
      method: "GET",
      path: "/readyz",
      operationId: "readyz",
      summary: "Whether messages are taken",
      description:
        "As gRPC's health says: not while the store is away, and not while the router is about to stop. Where gRPC is served " +
        "too, the store is asked every 5 s (`readinessMs`) rather than each time, so that it may be that late to say so.",
      parameters: [],
      responses: { 200: { description: "They are.", content: { "application/json": healthSchema } } },
      errors: [503],
      servedWhileDraining: true,
      handler: async () => {
        if (streams.isLeaving) throw new ChappeError("UNAVAILABLE", "this router is about to stop");
        const error = await readiness();
        if (error !== undefined) throw error;
        return { status: "ready" };
      },
    },
  ];
}
