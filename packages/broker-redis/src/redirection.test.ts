import { ChappeError } from "@chappe/message";
import { ReplyError } from "ioredis";
import { describe, expect, it } from "vitest";
import { redirectionOf } from "./redirection.ts";
import { translateRedisError } from "./redis-errors.ts";

const from = { host: "here", port: 1 };
const read = (text: string) => redirectionOf(translateRedisError(new ReplyError(text)), from);

describe("a redirection", () => {
  it("says where to go, once or from now on", () => {
    expect(read("MOVED 17 10.0.0.1:7000")).toEqual({
      kind: "moved",
      slot: 17,
      endpoint: { host: "10.0.0.1", port: 7000 },
    });
    expect(read("ASK 17 there.example:7000")).toMatchObject({ kind: "ask", endpoint: { host: "there.example" } });
    expect(read("MOVED 17 fe80::1:7000")).toMatchObject({ endpoint: { host: "fe80::1", port: 7000 } });
  });

  it("means the host that was reached when it names none", () => {
    expect(read("MOVED 17 :7000")).toMatchObject({ endpoint: { host: "here", port: 7000 } });
  });

  it.each([
    "TRYAGAIN wait",
    "CLUSTERDOWN Hash slot not served",
    "LOADING data",
    "READONLY a replica",
    "MASTERDOWN away",
  ])("may be to wait: %s", (text) => expect(read(text)).toEqual({ kind: "wait" }));

  it("is none where nobody knows what was done", () => {
    expect(read("ERR something")).toBeUndefined();
    expect(redirectionOf(translateRedisError(new Error("MOVED 17 10.0.0.1:7000")), from)).toBeUndefined();
    expect(redirectionOf(new ChappeError("UNAVAILABLE", "lost"), from)).toBeUndefined();
  });
});
