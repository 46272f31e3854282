import { isSchedulable } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { destinationOf, needBoth } from "./destination.ts";
import type { HttpContext } from "./http-context.ts";
import { destinationParameters } from "./publish-parameters.ts";
import type { Route } from "./route.ts";

const cancelledSchema = z
  .object({ cancelled: z.boolean().describe("Whether it was still waiting.") })
  .meta({ id: "Cancelled", description: "Nobody will get the message, unless its time had come before." });

/** `DELETE /v1/messages/{id}`. */
export function cancelRoute({ broker }: HttpContext): Route {
  return {
    method: "DELETE",
    path: "/v1/messages/{id}",
    operationId: "cancel",
    summary: "Take back a delayed message",
    description:
      "By who sent it, at the address it was sent to. Answers whether it was still waiting: not if its time has come, or if " +
      "it was taken back before.",
    parameters: [
      {
        name: "id",
        in: "path",
        required: true,
        description: "Id of the message, as the answer to its sending has it.",
        schema: z.string(),
      },
      ...destinationParameters,
    ],
    responses: {
      200: { description: "Nobody will get it.", content: { "application/json": cancelledSchema } },
    },
    errors: [400, 414, 500, 501, 503],
    servedWhileDraining: false,
    async handler(request) {
      const { params, headers, query } = request as FastifyRequest<{
        Params: { readonly id: string };
        Querystring: Record<string, unknown>;
      }>;
      const { sender, address } = needBoth(destinationOf({ headers, query }));
      if (!isSchedulable(broker)) {
        throw new ChappeError("UNIMPLEMENTED", "the broker of this router keeps no delayed messages");
      }
      return { cancelled: await broker.cancel(address, sender, params.id) };
    },
  };
}
