import { ChappeError } from "@chappe/message";
import { expect, it } from "vitest";
import { createTestApp, impatientBroker } from "./fixtures/test-app.ts";
import { createMetrics } from "./metrics/metrics.ts";

it("the process lives, whatever becomes of the store", async () => {
  await using fixture = createTestApp();
  await fixture.broker.close();
  const answer = await fixture.app.inject("/healthz");
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: "alive" }]);
});

it("it is ready while the store answers a round trip", async () => {
  await using fixture = createTestApp();
  const answer = await fixture.app.inject("/readyz");
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: "ready" }]);
  await fixture.broker.close();
  expect((await fixture.app.inject("/readyz")).json()).toMatchObject({ status: 503, code: "UNAVAILABLE" });
});

it("those who ask at once share one round trip", async () => {
  const inner = impatientBroker();
  let pings = 0;
  const broker = {
    publish: inner.publish.bind(inner),
    subscribe: inner.subscribe.bind(inner),
    seek: inner.seek.bind(inner),
    close: inner.close.bind(inner),
    ping: () => (pings++, inner.ping()),
  };
  await using fixture = createTestApp({ broker });
  await Promise.all([fixture.app.inject("/readyz"), fixture.app.inject("/readyz")]);
  expect(pings).toBe(1);
  await fixture.app.inject("/readyz");
  expect(pings).toBe(2);
});

it("or it is as ready as it is told", async () => {
  let error: ChappeError | undefined = new ChappeError("UNAVAILABLE", "Redis is away");
  await using fixture = createTestApp({ readiness: () => error });
  expect((await fixture.app.inject("/readyz")).json()).toMatchObject({ status: 503, detail: "Redis is away" });
  error = undefined;
  expect((await fixture.app.inject("/readyz")).statusCode).toBe(200);
});

it("metrics are served where there are some", async () => {
  await using without = createTestApp();
  expect((await without.app.inject("/metrics")).statusCode).toBe(404);
  const metrics = createMetrics();
  await using fixture = createTestApp({ metrics });
  const answer = await fixture.app.inject("/metrics");
  metrics.close();
  expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(answer.body).toContain("chappe_published_messages_total 0");
});
