import { ChappeError, type ErrorCode } from "@chappe/message";

interface Translation {
  readonly code: ErrorCode;
  /** What it means to the reader, before Redis' own words. */
  readonly meaning: string;
}

const unavailable = (meaning: string): Translation => ({ code: "UNAVAILABLE", meaning });
const setUpWrongly = (meaning: string): Translation => ({ code: "FAILED_PRECONDITION", meaning });
const notLetIn = (meaning: string): Translation => ({ code: "UNAUTHENTICATED", meaning });

/** By the first word of an error reply. */
const REPLIES: Readonly<Record<string, Translation>> = {
  OOM: { code: "RESOURCE_EXHAUSTED", meaning: "Redis has no memory left" },
  // It will answer later, or another node will.
  LOADING: unavailable("Redis is loading its data"),
  BUSY: unavailable("Redis is busy with a script"),
  MASTERDOWN: unavailable("this Redis has lost its master"),
  READONLY: unavailable("this Redis is a replica"),
  CLUSTERDOWN: unavailable("the Redis cluster is down"),
  TRYAGAIN: unavailable("Redis is moving these keys"),
  // After a while on a cluster; at once when its nodes are named as if each were alone.
  MOVED: unavailable("another node has these keys; a cluster is reached by redis+cluster://"),
  ASK: unavailable("Redis is moving these keys"),
  UNBLOCKED: unavailable("this Redis has become a replica"),
  NOREPLICAS: unavailable("Redis has too few replicas to accept writes"),
  // The disk is full or broken; Redis refuses writes until that is mended, and then takes them by itself.
  MISCONF: unavailable("Redis cannot write to its disk"),
  NOTFOUND: { code: "NOT_FOUND", meaning: "it is not there" },
  NOAUTH: notLetIn("Redis wants a password"),
  WRONGPASS: notLetIn("Redis refuses the user name or password"),
  NOPERM: setUpWrongly(
    "this Redis user may not do that; its rules must be those of the README of @chappe/broker-redis",
  ),
  WRONGTYPE: setUpWrongly("a key holds something else; give this deployment a key prefix of its own"),
};

const believed = setUpWrongly(
  "the certificate is signed by nobody that is believed; name its authority in the TLS options",
);
const asksForCertificate = notLetIn(
  "Redis asks for a certificate of an authority that it believes; name one and its key in the TLS options",
);

/** By the code of what befell a connection with TLS. It does not mend itself. */
const TLS_FAILURES: Readonly<Record<string, Translation>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: believed,
  SELF_SIGNED_CERT_IN_CHAIN: believed,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: believed,
  UNABLE_TO_GET_ISSUER_CERT: believed,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: believed,
  CERT_SIGNATURE_FAILURE: believed,
  CERT_HAS_EXPIRED: setUpWrongly("the certificate has expired"),
  ERR_TLS_CERT_ALTNAME_INVALID: setUpWrongly(
    "the certificate is for another name; use that one in the url, or name it as the server's in the TLS options",
  ),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: asksForCertificate,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: asksForCertificate,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: asksForCertificate,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: asksForCertificate,
  ERR_SSL_WRONG_VERSION_NUMBER: setUpWrongly("Redis speaks no TLS here; the url of that begins with redis, not rediss"),
};

/** Whether Redis said that the subscription's group or stream is not there. */
export function isNoGroup(error: unknown): boolean {
  return error instanceof ChappeError && replyWord(error.cause) === "NOGROUP";
}

/** Whether a server said that it is a replica, and writes nothing. For what redis-errors.ts has not translated. */
export function isReadOnly(error: unknown): boolean {
  return replyWord(error) === "READONLY";
}

/** Whether Redis said that it does not know the script. */
export function isNoScript(error: unknown): boolean {
  return error instanceof ChappeError && replyWord(error.cause) === "NOSCRIPT";
}

/**
 * Translates what the driver throws or rejects with: error replies of Redis, and everything that can befall a
 * connection. A lost connection is UNAVAILABLE, and what was under way may have taken effect or not.
 *
 * @param server which one it was, for the message
 */
export function translateRedisError(error: unknown, server?: string): ChappeError {
  if (error instanceof ChappeError) return error;
  const who = server === undefined ? "" : `${server}: `;
  const word = replyWord(error);
  if (word === undefined) {
    const failure = TLS_FAILURES[(error as { readonly code?: string } | undefined)?.code ?? ""];
    const { code, meaning } = failure ?? unavailable("Redis");
    return new ChappeError(code, `${who}${meaning}: ${messageOf(error)}`, { cause: error });
  }
  forgetArguments(error as { command?: unknown });
  const { code, meaning } = REPLIES[word] ?? { code: "INTERNAL", meaning: "Redis refused a command" };
  return new ChappeError(code, `${who}${meaning}: ${messageOf(error)}`, { cause: error });
}

/** The driver keeps with an error the command that was refused: that of AUTH has the password in it, and is logged. */
function forgetArguments(error: { command?: unknown }): void {
  delete error.command;
}

/** First word of an error reply; undefined for errors that are not one. */
function replyWord(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name !== "ReplyError") return undefined;
  // What a user may not do, Redis 7 calls by another word within a script.
  if (error.message.startsWith("ERR The user executing the script can't")) return "NOPERM";
  return /^[A-Z]+/.exec(error.message)?.[0] ?? "ERR";
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses of one host were tried: each has its own story.
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  const { code = "", reason } = error as { readonly code?: string; readonly reason?: string };
  // OpenSSL's own message names lines of its source, and Node adds advice that is not for this program.
  if (code.startsWith("ERR_SSL_") && reason !== undefined) return reason;
  return code in TLS_FAILURES ? error.message.replace(/;.*$|[:\s]+$/s, "") : error.message;
}
