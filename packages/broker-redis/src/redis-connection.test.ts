import { Socket } from "node:net";
import { type RedisFixture, startRedis, waitFor } from "@chappe/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { linkTo } from "./fixtures/redis-link.ts";
import { type ConnectionHandlers, RedisConnection } from "./redis-connection.ts";
import type { RedisServer } from "./store-url.ts";

let redis: RedisFixture;
beforeAll(async () => {
  redis = await startRedis({ tcp: true });
});
afterAll(() => redis.stop());

/** A connection that says what happened to it. */
function connectTo(
  { port }: { readonly port: number },
  { silenceMs = 5_000, ...more }: RedisServer & { silenceMs?: number } = {},
) {
  const events: string[] = [];
  const handlers: ConnectionHandlers = {
    onReady: () => events.push("ready"),
    onLost: (error) => events.push(error.code),
    onMessage: (channel, message) => events.push(`${channel}: ${message.toString()}`),
  };
  const server = { host: "127.0.0.1", port, ...more };
  const connection = new RedisConnection({ server, name: "test", silenceMs }, handlers);
  return {
    connection,
    events,
    ready: () => waitFor(() => connection.ready),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

describe.skipIf(process.env["REDIS_URL"])("RedisConnection", () => {
  it("answers in bytes, whatever they are", async () => {
    await using link = await linkTo(redis);
    await using side = connectTo(link);
    await side.ready();
    const value = Buffer.from([0, 255, 13, 10, 36]);
    await side.connection.call("SET", "bytes", [value, value]);
    expect(await side.connection.call("GET", "bytes")).toEqual(Buffer.concat([value, value]));
    expect(await side.connection.call("GET", "nothing")).toBeNull();
    expect(await side.connection.call("STRLEN", "bytes")).toBe(10);
  });

  it("writes the commands of one turn at once, in the order of the calls", async () => {
    await using link = await linkTo(redis);
    await using side = connectTo(link);
    await side.ready();
    const writes = ["_write", "_writev"].map((method) => vi.spyOn(Socket.prototype, method as "_write"));
    const written = () =>
      writes.flatMap(({ mock }) => mock.contexts).filter((socket) => (socket as Socket).remotePort === link.port);
    const body = Buffer.alloc(5_000, "b");
    const answers = [
      side.connection.call("RPUSH", "turn", "1"),
      side.connection.call("RPUSH", "turn", body),
      Promise.resolve().then(() => side.connection.call("RPUSH", "turn", "3")),
    ];
    expect(await Promise.all(answers)).toEqual([1, 2, 3]);
    expect(written()).toHaveLength(1);
    for (const spy of writes) spy.mockRestore();
    expect(await side.connection.call("LRANGE", "turn", 0, -1)).toEqual([Buffer.from("1"), body, Buffer.from("3")]);
  });

  it("carries out a transaction whole, or not at all when Redis refuses one command", async () => {
    await using link = await linkTo(redis);
    await using side = connectTo(link);
    await side.ready();
    expect(
      await side.connection.transaction([
        ["INCR", "whole"],
        ["INCR", "whole"],
      ]),
    ).toEqual([1, 2]);
    const refused = side.connection.transaction([["INCR", "whole"], ["NONSENSE"]]);
    await expect(refused).rejects.toMatchObject({ code: "INTERNAL", message: expect.stringContaining("NONSENSE") });
    expect(await side.connection.call("GET", "whole")).toEqual(Buffer.from("2"));
  });

  it("fails at once while there is no Redis, and works when there is", async () => {
    await using link = await linkTo(redis);
    link.harm({ isDeaf: true });
    await using side = connectTo(link, { silenceMs: 200 });
    await expect(side.connection.call("PING")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(side.connection.subscribe(["any"])).rejects.toMatchObject({ code: "UNAVAILABLE" });
    link.heal();
    await side.ready();
    expect(await side.connection.call("PING")).toEqual(Buffer.from("PONG"));
  });

  it("fails what is under way as soon as the connection breaks, and does not send it again", async () => {
    await using link = await linkTo(redis);
    await using side = connectTo(link);
    await side.ready();
    await side.connection.call("DEL", "once");
    link.harm({ hidesAnswers: true });
    const call = side.connection.call("INCR", "once");
    const watching = new Redis(redis.url);
    await waitFor(async () => (await watching.get("once")) === "1");
    link.heal();
    link.cut("reset");
    await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await waitFor(() => side.events.length === 3);
    expect(side.events).toEqual(["ready", "UNAVAILABLE", "ready"]);
    expect(await side.connection.call("GET", "once")).toEqual(Buffer.from("1"));
    watching.disconnect();
  });

  it("drops a connection that died without a word, under a call and when idle, and makes it anew", async () => {
    await using link = await linkTo(redis);
    await using side = connectTo(link, { silenceMs: 200 });
    await side.ready();
    link.harm({ isDeaf: true });
    await expect(side.connection.call("PING")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    link.heal();
    await side.ready();
    const { carried } = link.toll;
    link.harm({ isDeaf: true });
    await waitFor(() => link.toll.carried > carried, { describe: "an idle connection is made anew" });
    link.heal();
    await side.ready();
  });

  it("says that it is the password", async () => {
    const driver = new Redis(redis.url);
    await driver.call("ACL", "SETUSER", "locked", "on", ">right", "~*", "+@all");
    await using link = await linkTo(redis);
    await using side = connectTo(link, { username: "locked", password: "wrong" });
    await waitFor(() => side.events.length > 0);
    await expect(side.connection.call("PING")).rejects.toMatchObject({ code: "UNAUTHENTICATED", retryable: false });
    driver.disconnect();
  });

  it("hears what comes on its channels, until it ends the subscription", async () => {
    await using link = await linkTo(redis);
    await using side = connectTo(link);
    await side.ready();
    const driver = new Redis(redis.url);
    await side.connection.subscribe(["{a}one", "{a}two"]);
    await side.connection.unsubscribe(["{a}one"]);
    await driver.spublish("{a}one", "unheard");
    await driver.spublish("{a}two", "heard");
    await waitFor(() => side.events.includes("{a}two: heard"));
    expect(side.events).toEqual(["ready", "{a}two: heard"]);
    driver.disconnect();
  });

  it("is closed once, whatever its state, and then answers nothing", async () => {
    await using link = await linkTo(redis);
    const side = connectTo(link);
    await side.ready();
    await Promise.all([side.connection.close(), side.connection.close()]);
    await expect(side.connection.call("PING")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const never = connectTo({ port: 1 });
    await waitFor(() => never.events.length > 0);
    await never.connection.close();
    const connecting = connectTo(link);
    await connecting.connection.close();
    expect(connecting.events).toEqual([]);
  });
});
