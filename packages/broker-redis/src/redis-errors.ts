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
  NOPERM: setUpWrongly("the Redis user may not do this; it needs all commands and channels on the key prefix"),
  WRONGTYPE: setUpWrongly("a key holds something else; give this deployment a key prefix of its own"),
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
 */
export function translateRedisError(error: unknown): ChappeError {
  if (error instanceof ChappeError) return error;
  const word = replyWord(error);
  if (word === undefined) return new ChappeError("UNAVAILABLE", `Redis: ${messageOf(error)}`, { cause: error });
  const { code, meaning } = REPLIES[word] ?? { code: "INTERNAL", meaning: "Redis refused a command" };
  return new ChappeError(code, `${meaning}: ${messageOf(error)}`, { cause: error });
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
  return error.message;
}
