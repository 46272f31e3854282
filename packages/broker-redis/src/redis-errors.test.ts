import { inspect } from "node:util";
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

  it("tells what is wrong with TLS apart from a lost connection, in one line, and says where", () => {
    const failed = (code: string, message: string, more = {}) =>
      translateRedisError(Object.assign(new Error(message), { code, ...more }), "redis:6380");
    expect(failed("SELF_SIGNED_CERT_IN_CHAIN", "self-signed; if the root CA is yours, run Node.js so")).toMatchObject({
      code: "FAILED_PRECONDITION",
      message: expect.stringMatching(/^redis:6380: the certificate is signed by nobody .* options: self-signed$/),
    });
    expect(failed("ERR_TLS_CERT_ALTNAME_INVALID", "IP: 10.0.0.7 is not in the cert's list: ")).toMatchObject({
      code: "FAILED_PRECONDITION",
      message: expect.stringMatching(/is for another name; .*: IP: 10\.0\.0\.7 is not in the cert's list$/),
    });
    const reason = "tlsv13 alert certificate required";
    const code = "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED";
    expect(failed(code, `4018:error:0A00045C:SSL routines:rec_layer_s3.c:918\n`, { reason })).toMatchObject({
      code: "UNAUTHENTICATED",
      message: expect.stringMatching(
        /^redis:6380: Redis asks for a certificate .*: tlsv13 alert certificate required$/,
      ),
    });
    expect(failed("ERR_SSL_WRONG_VERSION_NUMBER", "", { reason: "wrong version number" }).message).toContain("no TLS");
  });

  it("forgets the password that was refused", () => {
    const refused = Object.assign(reply("WRONGPASS no"), { command: { name: "auth", args: ["ada", "secret"] } });
    expect(inspect(translateRedisError(refused), { depth: 10 })).not.toContain("secret");
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
