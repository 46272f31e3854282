import { z } from "zod";
import { messageEventSchema } from "./message-event.ts";
import { PROBLEM_TYPE, problemSchema } from "./problem.ts";
import type { Content, Parameter, Route } from "./route.ts";

/** A JSON value of the document. */
type Json = Readonly<Record<string, unknown>>;

/** What each status of an error means, the same for all routes. */
const ERRORS: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT: change the request. FAILED_PRECONDITION: too late, or not here.",
  404: "NOT_FOUND: the topic does not keep the message to begin with.",
  409: "ALREADY_EXISTS: the sender has a message of this id waiting there for its time.",
  413: "The body is longer than is allowed.",
  414: "A name in the path is longer than is allowed.",
  415: "Content-Type is no media type, events of this format are not taken, or the body is packed.",
  429: "RESOURCE_EXHAUSTED: the store is full. Try later.",
  500: "A mistake in the router.",
  501: "UNIMPLEMENTED: an option that the store does not offer.",
  503: "UNAVAILABLE: the store cannot be reached, or the router is about to stop. A publish may still have been stored.",
};

/** A path, an operation of it, or a schema may be named once. */
type Named = Record<string, unknown>;

/** The OpenAPI 3.1 document of these routes. They are what is served, so that it says all, and nothing else. */
export function openApiDocument(routes: readonly Route[]): Json {
  const schemas: Named = {};
  const paths: Record<string, Named> = {};
  const describe = (schema: z.ZodType): Json => jsonSchema(schema, schemas);
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, describe);
  }
  // Only streams carry it, whose content no schema describes.
  describe(messageEventSchema);
  return {
    openapi: "3.1.0",
    info: {
      title: "Chappe",
      version: "1",
      description:
        "Messages from senders to receivers, and to every subscription of a topic. What is no request that could be read is " +
        "answered with a problem too: 400, 408 when it did not arrive in time, 431 when URL and headers are too long.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: { schemas },
  };
}

function operation(route: Route, describe: (schema: z.ZodType) => Json): Json {
  const { operationId, summary, description, parameters, requestBody, responses, errors, problems } = route;
  const contentOf = (content: Content): Json | undefined => {
    const entries = Object.entries(content).map(([type, schema]) => [type, schema ? { schema: describe(schema) } : {}]);
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  const problem = contentOf(problems ?? { [PROBLEM_TYPE]: problemSchema });
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    parameters: parameters.map(({ schema, ...parameter }: Parameter) => ({ ...parameter, schema: describe(schema) })),
    ...(requestBody && { requestBody: { ...requestBody, content: contentOf(requestBody.content) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, { description: text, content }]) => {
          const described = contentOf(content);
          return [status, { description: text, ...(described && { content: described }) }];
        }),
      ),
      ...Object.fromEntries(errors.map((status) => [status, { description: ERRORS[status], content: problem }])),
    },
  };
}

/** A schema, with those that have a name in `named` and references to them. */
function jsonSchema(schema: z.ZodType, named: Named): Json {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io: "input" });
  Object.assign(named, rehomed($defs));
  return rehomed(rest);
}

function rehomed(schema: object): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}
