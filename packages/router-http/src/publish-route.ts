import { publishMessage, type PublishedMessage } from "@chappe/broker";
import { type ChappeError, MAX_RECORD_OVERHEAD_BYTES, type MessageInput } from "@chappe/message";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Destination, destinationOf, needBoth } from "./destination.ts";
import { durabilityOf } from "./durability.ts";
import {
  batchedEvents,
  binaryEvent,
  checkEventHeaders,
  contentModeOf,
  EVENT_BATCH_TYPE,
  type EventMessage,
  EVENT_TYPE,
  structuredEvent,
} from "./event-request.ts";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-status.ts";
import { plainMessage, type RequestHeaders } from "./plain-message.ts";
import { type Problem, PROBLEM_TYPE, problemBody, problemOf, problemSchema } from "./problem.ts";
import { type EventResult, publishEvents } from "./publish-events.ts";
import { publishParameters } from "./publish-parameters.ts";
import { batchProblemSchema, batchPublishedSchema, publishedSchema } from "./receipt-schema.ts";
import type { Route } from "./route.ts";

/** A batch of events may be as long as a frame over gRPC. */
const MIN_BATCH_BYTES = 4 * 1_048_576;

const NO_BYTES = Buffer.alloc(0);

/** Most bytes of a request's body, by its media type; the message's own limit for all that are not named. */
export function bodyLimits(maxMessageBytes: number): Readonly<Record<string, number>> {
  // In JSON a body is base64, or text with escapes.
  const event = 2 * (maxMessageBytes + MAX_RECORD_OVERHEAD_BYTES);
  return { [EVENT_TYPE]: event, [EVENT_BATCH_TYPE]: Math.max(MIN_BATCH_BYTES, event) };
}

/** `POST /v1/messages`. */
export function publishRoute({ broker, options }: HttpContext): Route {
  const { maxMessageBytes } = options;

  const publishOne = async (
    { sender, address, message }: EventMessage,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<PublishedMessage> => {
    checkBodyBytes(message.body, maxMessageBytes);
    const durability = durabilityOf(request.headers["chappe-durability"]);
    reply.code(201);
    return publishMessage(broker, message, { sender, address, durability, maxMessageBytes });
  };

  const publishBatch = async (
    events: readonly (EventMessage | ChappeError)[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<object | string> => {
    const durability = durabilityOf(request.headers["chappe-durability"]);
    const results = await publishEvents(broker, events, { durability, maxMessageBytes });
    const told = results.map(({ id, ...result }) =>
      "receipt" in result ? { id, receipt: result.receipt } : { id, error: problemOf(result.error) },
    );
    const problem = batchProblem(results);
    if (problem !== undefined) return problemBody(reply, { ...problem, results: told } as Problem);
    reply.code(201);
    return { results: told };
  };

  return {
    method: "POST",
    path: "/v1/messages",
    operationId: "publish",
    summary: "Send a message, or a batch of CloudEvents",
    description:
      "Answers 201 when everything of the request is stored. The body is the message, as it is, and headers say the rest; " +
      "or the request is a CloudEvent 1.0 in binary, structured or batched mode, whose source is the sender and whose " +
      "subject the address, unless the request names others. Headers `Chappe-Attribute-<name>`, up to 64, are attributes, " +
      "whose names arrive in lower case. In headers, what is not ASCII is written as percent-encoded UTF-8, and % as %25.",
    parameters: publishParameters,
    requestBody: {
      description: "The message's body; or events, in structured and batched mode.",
      content: { "*/*": undefined, [EVENT_TYPE]: undefined, [EVENT_BATCH_TYPE]: undefined },
    },
    responses: {
      201: {
        description: "Stored, with the durability that the receipt names.",
        content: { "application/json": publishedSchema.or(batchPublishedSchema) },
      },
    },
    problems: { [PROBLEM_TYPE]: problemSchema.or(batchProblemSchema) },
    errors: [400, 409, 413, 415, 429, 500, 501, 503],
    servedWhileDraining: false,
    handler(request, reply) {
      const { headers } = request;
      checkEncoding(headers);
      const destination = destinationOf(request as FastifyRequest<{ Querystring: Record<string, unknown> }>);
      const body = (request.body as Buffer | undefined) ?? NO_BYTES;
      const mode = contentModeOf(headers);
      if (mode === "plain") return publishOne(plainRequest(headers, body, destination), request, reply);
      checkEventHeaders(headers);
      switch (mode) {
        case "binary":
          return publishOne(binaryEvent(headers, body, destination), request, reply);
        case "structured":
          return publishOne(structuredEvent(body, destination), request, reply);
        case "batch":
          return publishBatch(batchedEvents(body, destination), request, reply);
      }
    },
  };
}

function plainRequest(headers: RequestHeaders, body: Buffer, destination: Destination): EventMessage {
  return { ...needBoth(destination), message: plainMessage(headers, body) };
}

/** A body is passed on as it came, and a receiver would not know that it has to be unpacked. */
function checkEncoding(headers: RequestHeaders): void {
  const encoding = String(headers["content-encoding"] ?? "identity");
  // Codings are case-insensitive (RFC 9110, section 8.4.1).
  if (encoding.toLowerCase() === "identity") return;
  throw new HttpError(415, "UNIMPLEMENTED", `Content-Encoding ${encoding}: bodies are taken without any`);
}

function checkBodyBytes(body: MessageInput["body"], maxBytes: number): void {
  const bytes = typeof body === "string" ? Buffer.byteLength(body) : (body as Uint8Array).length;
  if (bytes > maxBytes) {
    throw new HttpError(413, "INVALID_ARGUMENT", `body has ${bytes} bytes; at most ${maxBytes} are allowed`);
  }
}

/**
 * What a batch as a whole is answered with: the error of one that may succeed later, if there is one, so that a sender that
 * looks at the status alone sends again; what is stored already then comes twice, and nothing is lost.
 */
function batchProblem(results: readonly EventResult[]): Problem | undefined {
  const errors = results.flatMap(({ error }) => error ?? []);
  const error = errors.find(({ retryable }) => retryable) ?? errors[0];
  if (error === undefined) return undefined;
  const stored = results.length - errors.length;
  return { ...problemOf(error), detail: `${stored} of ${results.length} events are stored; ${error.message}` };
}
