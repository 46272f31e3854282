import { ChappeError } from "@chappe/message";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";

/**
 * The JSON of a request, whatever its content type says.
 *
 * @throws ChappeError INVALID_ARGUMENT that says what is wrong, and where
 */
export function jsonBody<Value>({ body }: FastifyRequest, schema: z.ZodType<Value>): Value {
  let json: unknown;
  try {
    json = JSON.parse(body instanceof Buffer ? body.toString("utf8") : "");
  } catch (cause) {
    throw new ChappeError("INVALID_ARGUMENT", `the body is not JSON: ${String(cause)}`, { cause });
  }
  const checked = schema.safeParse(json);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  throw new ChappeError("INVALID_ARGUMENT", `${issue.path.join(".") || "the body"}: ${issue.message}`);
}
