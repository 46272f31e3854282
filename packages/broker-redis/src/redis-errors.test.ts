import { ChappeError } from "@chappe/message";
import { ReplyError } from "ioredis";
import { describe, expect, it } from "vitest";
import { isNoGroup, isNoScript, translateRedisError } from "./redis-errors.ts";

const reply = (text: string): Error => new ReplyError(text) as Error;
const code = (text: string) => translateRedisError(reply(text)).code;

describe("translateRedisError", () => {
  it("tells a full Redis, a Redis out of reach and a Redis set up wrongly apart", () => {
    expect(code("OOM command not allowed when used memory > 'maxmemory'.")).toBe("RESOURCE_EXHAUSTED");
    for (const word of [
      "LOADING",
      "READONLY",
      "CLUSTERDOWN",
      "MASTERDOWN",
      "TRYAGAIN",
      "MISCONF",
      "NOREPLICAS",
      "BUSY",
    ]) {
      expect(code(`${word} and so on`)).toBe("UNAVAILABLE");
    }
    expect(code("NOPERM this user has no permissions")).toBe("FAILED_PRECONDITION");
    expect(code("ERR The user executing the script can't access at least one of the channels")).toBe(
      "FAILED_PRECONDITION",
    );
    expect(code("WRONGTYPE Operation against a key")).toBe("FAILED_PRECONDITION");
    expect(code("NOAUTH Authentication required.")).toBe("UNAUTHENTICATED");
    expect(code("WRONGPASS invalid username-password pair")).toBe("UNAUTHENTICATED");
  });

  it("takes every other refusal for our own mistake, and everything else for a lost connection", () => {
    expect(code("ERR syntax error")).toBe("INTERNAL");
    expect(translateRedisError(new Error("read ECONNRESET"))).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    const everywhere = new AggregateError([new Error("connect ECONNREFUSED ::1"), new Error("and 127.0.0.1")]);
    expect(translateRedisError(everywhere).message).toContain("connect ECONNREFUSED ::1; and 127.0.0.1");
  });

  it("keeps Redis' own words, and the error as the cause", () => {
    const cause = reply("OOM too much");
    expect(translateRedisError(cause)).toMatchObject({ cause, message: "Redis has no memory left: OOM too much" });
  });

  it("passes on what is translated already", () => {
    const error = new ChappeError("ABORTED", "before");
    expect(translateRedisError(error)).toBe(error);
  });
});

describe("what the store mends itself", () => {
  it("is a group that is gone, and a script that Redis does not know", () => {
    expect(isNoGroup(translateRedisError(reply("NOGROUP No such key")))).toBe(true);
    expect(isNoScript(translateRedisError(reply("NOSCRIPT No matching script.")))).toBe(true);
    expect(isNoGroup(translateRedisError(reply("ERR no")))).toBe(false);
    expect(isNoScript(new Error("NOSCRIPT is no reply here"))).toBe(false);
  });
});
