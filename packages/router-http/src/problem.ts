import { STATUS_CODES } from "node:http";
import { ChappeError, ErrorCode } from "@chappe/message";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { httpStatusOf } from "./http-status.ts";

/** Media type of RFC 9457. */
export const PROBLEM_TYPE = "application/problem+json";

/** Names of the error codes, as a schema wants them. */
const codes = Object.keys(ErrorCode) as [ErrorCode, ...ErrorCode[]];

/** An error as RFC 9457, "Problem Details for HTTP APIs", has it. */
export const problemSchema = z
  .object({
    title: z.string().describe("The status in words."),
    status: z.int().min(400).max(599).describe("The HTTP status."),
    detail: z.string().describe("What was wrong, where, and what is allowed."),
    code: z.enum(codes).describe("The error code, the same as over gRPC."),
    retryable: z.boolean().describe("Whether the same request may succeed later, unchanged."),
  })
  .meta({ id: "Problem", description: "An error, after RFC 9457." });

/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;

/** Of a longer detail the middle is left out: what was sent is repeated there, what is allowed stands at the end. */
const MAX_DETAIL_CHARACTERS = 1_000;

/** What is told of an error. */
export function problemOf(thrown: unknown): Problem {
  const error = ChappeError.from(thrown);
  const status = httpStatusOf(error);
  const title = STATUS_CODES[status] ?? "Client Closed Request";
  const { message } = error;
  const half = MAX_DETAIL_CHARACTERS / 2;
  const detail = message.length > MAX_DETAIL_CHARACTERS ? `${message.slice(0, half)}…${message.slice(-half)}` : message;
  return { title, status, detail, code: error.code, retryable: error.retryable };
}

/** Makes an answer a problem. Returns its body, for the caller to send. */
export function problemBody(reply: FastifyReply, problem: Problem): string {
  reply.code(problem.status).header("content-type", PROBLEM_TYPE);
  return JSON.stringify(problem);
}
