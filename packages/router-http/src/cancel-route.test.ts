import type { Broker } from "@chappe/broker";
import { describe, expect, it } from "vitest";
import { createTestApp, type TestApp } from "./fixtures/test-app.ts";

const TO_B = { "chappe-sender": "a", "chappe-to": "b" };
const LATER = { ...TO_B, "chappe-deliver-at-unix-ms": String(Date.now() + 600_000) };

function cancel({ app }: TestApp, id: string, headers: Record<string, string> = TO_B, query = "") {
  return app.inject({ method: "DELETE", url: `/v1/messages/${encodeURIComponent(id)}${query}`, headers });
}

describe("a delayed message", () => {
  it("is taken back once, by who sent it", async () => {
    await using fixture = createTestApp();
    const headers = { ...LATER, "chappe-id": "order%207" };
    const sent = await fixture.app.inject({ method: "POST", url: "/v1/messages", headers, payload: "x" });
    expect(sent.statusCode).toBe(201);
    expect((await cancel(fixture, "order 7", { ...TO_B, "chappe-sender": "another" })).json()).toEqual({
      cancelled: false,
    });
    const answer = await cancel(fixture, "order 7", {}, "?sender=a&to=b");
    expect([answer.statusCode, answer.json()]).toEqual([200, { cancelled: true }]);
    expect((await cancel(fixture, "order 7")).json()).toEqual({ cancelled: false });
  });

  it("whose id waits there already is refused with 409", async () => {
    await using fixture = createTestApp();
    const post = () =>
      fixture.app.inject({
        method: "POST",
        url: "/v1/messages",
        headers: { ...LATER, "chappe-id": "7" },
        payload: "x",
      });
    expect((await post()).statusCode).toBe(201);
    expect((await post()).json()).toMatchObject({ status: 409, code: "ALREADY_EXISTS", retryable: false });
  });

  it("more than a year ahead is refused", async () => {
    await using fixture = createTestApp();
    const headers = { ...TO_B, "chappe-deliver-at-unix-ms": "9000000000000" };
    const answer = await fixture.app.inject({ method: "POST", url: "/v1/messages", headers, payload: "x" });
    expect(answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining("365 days ahead") });
  });
});

describe("to take back", () => {
  it.each([
    ["without a sender", "x", { "chappe-to": "b" }, /no sender/],
    ["without a destination", "x", { "chappe-sender": "a" }, /no destination/],
    ["with an id that is too long", "x".repeat(201), TO_B, /id/],
  ] as const)("%s is refused", async (_, id, headers, detail) => {
    await using fixture = createTestApp();
    const answer = await cancel(fixture, id, headers);
    expect(answer.json()).toMatchObject({ code: "INVALID_ARGUMENT", detail: expect.stringMatching(detail) });
  });

  it("is not offered by a broker that keeps no delayed messages", async () => {
    const broker = { close: async () => {}, ping: async () => {} } as unknown as Broker;
    await using fixture = createTestApp({ broker });
    expect((await cancel(fixture, "x")).json()).toMatchObject({ status: 501, code: "UNIMPLEMENTED" });
  });
});
