import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ChappeError } from "@chappe/message";
import { HttpError } from "./http-status.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";

/** What Node's parser says of bytes that are no request it can take. */
export interface ParserError extends Error {
  readonly code?: string;
}

/** Names of errors that are about the request; others are about the connection, which is gone then. */
const OF_THE_REQUEST = /^(HPE_|ERR_HTTP_)/;

/**
 * Answers bytes of which no request could be made, and closes the connection: what comes next on it could be anything.
 *
 * @param maxHeaderBytes what the server takes
 * @param requestTimeoutMs the same
 */
export function refuseUnparsed(
  error: ParserError,
  socket: Socket,
  { maxHeaderBytes, requestTimeoutMs }: { readonly maxHeaderBytes: number; readonly requestTimeoutMs: number },
): void {
  const { code = "" } = error;
  // In the midst of an answer, as a stream is, another one would be taken for its content. Node's own handler looks at the same.
  const { _httpMessage: answer } = socket as { readonly _httpMessage?: ServerResponse | null };
  if (!socket.writable || answer?.headersSent === true || !OF_THE_REQUEST.test(code)) {
    socket.destroy();
    return;
  }
  socket.end(rawProblem(refusal(error, maxHeaderBytes, requestTimeoutMs)), () => socket.destroy());
}

function refusal({ code, message }: ParserError, maxHeaderBytes: number, requestTimeoutMs: number): ChappeError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError(431, "INVALID_ARGUMENT", `URL and headers have more than ${maxHeaderBytes} bytes`);
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError(408, "DEADLINE_EXCEEDED", `the request was not whole within ${requestTimeoutMs} ms`);
    default:
      return new ChappeError("INVALID_ARGUMENT", `this is no HTTP/1.1 request: ${message}`);
  }
}

function rawProblem(error: ChappeError): string {
  const problem = problemOf(error);
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
