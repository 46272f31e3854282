import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { HttpContext } from "./http-context.ts";
import { jsonBody } from "./json-body.ts";
import { openStream } from "./open-stream.ts";
import { type Problem, PROBLEM_TYPE, problemBody, problemOf, problemSchema } from "./problem.ts";
import type { ReadingPath, ReadingPlace } from "./reading-place.ts";
import { readReceiveQuery, receiveParameters } from "./receive-query.ts";
import type { ReceiveStream } from "./receive-stream.ts";
import type { Parameter, Route } from "./route.ts";
import { settle, settledSchema, settleProblemSchema, settlementsSchema } from "./settlements.ts";

/** Room for as many outcomes as are allowed, with reasons of common length. */
const MAX_SETTLEMENTS_BYTES = 4 * 1_048_576;

const STREAM_PARAMETER: Parameter = {
  name: "stream",
  in: "path",
  required: true,
  description: "As the stream's first event names it.",
  schema: z.string(),
};

/** The four calls of a consumer: to receive, to settle, to keep the lease, and to say goodbye. */
export function receiveRoutes(at: ReadingPath, context: HttpContext): Route[] {
  const { streams, options } = context;
  const placeOf = ({ params }: FastifyRequest): ReadingPlace => at.placeOf(params as Record<string, string>);
  const streamOf = (request: FastifyRequest): ReceiveStream => {
    const { stream = "" } = request.params as { readonly stream?: string };
    return placeOf(request).streamOf(streams, stream);
  };

  return [
    {
      method: "GET",
      path: `${at.path}/messages`,
      operationId: `receiveFrom${at.suffix}`,
      summary: "Receive messages, as server-sent events",
      description:
        "The first event is `opened`, with the id of the stream, and whether a topic's subscription was there already and goes " +
        "on where it stands (`resumed`); events without a name are messages. `draining` says that " +
        "this router is about to stop: open a stream elsewhere, settle what is held, and this one ends. `revoked` names " +
        "deliveries whose outcomes will be refused, `epoch` says that earlier messages were lost, and `closed` ends the " +
        "stream with a problem, whose code is CANCELLED after a goodbye. A connection that breaks counts as a crash: what was held is retried.",
      parameters: [...at.parameters, ...receiveParameters(at.hasStart, options.leaseMs)],
      responses: { 200: { description: "Messages, as they come.", content: { "text/event-stream": z.string() } } },
      errors: at.hasStart ? [400, 404, 414, 429, 500, 503] : [400, 414, 429, 500, 503],
      servedWhileDraining: false,
      handler(request, reply) {
        const query = readReceiveQuery(request.query as Record<string, unknown>, at.hasStart, options.leaseMs);
        return openStream(reply, placeOf(request), query, context);
      },
    },
    {
      method: "POST",
      path: `${at.path}/settlements`,
      operationId: `settleFor${at.suffix}`,
      summary: "Tell what became of messages",
      description:
        "To the router that holds the stream. Each outcome counts once; those that are late, repeated or foreign are " +
        "refused and change nothing. Answers 200 when all counted.",
      parameters: at.parameters,
      requestBody: { description: "Outcomes.", required: true, content: { "application/json": settlementsSchema } },
      maxBodyBytes: MAX_SETTLEMENTS_BYTES,
      responses: { 200: { description: "All counted.", content: { "application/json": settledSchema } } },
      problems: { [PROBLEM_TYPE]: problemSchema.or(settleProblemSchema) },
      errors: [400, 413, 414, 415],
      servedWhileDraining: true,
      handler(request, reply) {
        const { outcomes } = jsonBody(request, settlementsSchema);
        const refused = settle(outcomes, streams, placeOf(request));
        const settled = outcomes.length - refused.length;
        const [first] = refused;
        if (first === undefined) return { settled };
        const problem = problemOf(first.error);
        const detail = `${settled} of ${outcomes.length} outcomes counted; ${problem.detail}`;
        const told = refused.map(({ delivery, error }) => ({ delivery, error: problemOf(error) }));
        reply.send(problemBody(reply, { ...problem, detail, settled, refused: told } as Problem));
        return undefined;
      },
    },
    {
      method: "POST",
      path: `${at.path}/streams/{stream}/renewals`,
      operationId: `renewFor${at.suffix}`,
      summary: "Keep the lease of messages that take long",
      description: "Settling keeps it too. A consumer that holds nothing has no lease to keep.",
      parameters: [...at.parameters, STREAM_PARAMETER],
      responses: { 204: { description: "The lease begins anew.", content: {} } },
      errors: [400, 414],
      servedWhileDraining: true,
      handler(request, reply) {
        streamOf(request).renew();
        reply.code(204).send();
      },
    },
    {
      method: "DELETE",
      path: `${at.path}/streams/{stream}`,
      operationId: `leave${at.suffix}`,
      summary: "Say goodbye",
      description:
        "Ends the stream, and gives back what is unsettled, uncounted. Answers 204 when the store has it, and 503 when the " +
        "store does not answer within 2 s: then it is given back later.",
      parameters: [...at.parameters, STREAM_PARAMETER],
      responses: { 204: { description: "All is given back.", content: {} } },
      errors: [400, 414, 500, 503],
      servedWhileDraining: true,
      async handler(request, reply) {
        await streamOf(request).leave();
        reply.code(204);
      },
    },
  ];
}
