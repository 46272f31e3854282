import { connect } from "@chappe/client";
import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChappeStack, startChappe } from "./chappe-stack.ts";

let chappe: ChappeStack;
beforeAll(async () => {
  chappe = await startChappe({ tcp: true });
});
afterAll(() => chappe[Symbol.asyncDispose]());

/** What a stream tells of a message; the parts that are looked at here. */
interface MessageEvent {
  readonly delivery: string;
  readonly body: string;
  readonly attempt: number;
}

/** The messages of a stream, as they come. */
async function* receive(place: string, signal: AbortSignal): AsyncGenerator<MessageEvent> {
  const { body } = await fetch(`${chappe.router.url}${place}/messages`, { signal });
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of body!) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop()!;
    for (const event of events) if (event.startsWith("data: ")) yield JSON.parse(event.slice("data: ".length));
  }
}

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(chappe.router.url + path, { method: "POST", body, headers });
}

/** A metric's value; undefined while it is not shown. */
async function metric(name: string): Promise<number | undefined> {
  const text = await (await fetch(`${chappe.router.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

test("what HTTP sends, gRPC receives", async () => {
  const receiver = await chappe.ready(["from-http", "--json", "--count", "2"]);
  const headers = { "Chappe-Sender": "web", "Chappe-To": "from-http", "Content-Type": "text/plain" };
  const sent = await post("/v1/messages", "hello", headers);
  expect([sent.status, await sent.json()]).toMatchObject([201, { receipt: { durability: "accepted" } }]);
  const event = { specversion: "1.0", id: "e1", source: "shop", type: "order.created", data: { order: 7 } };
  const batch = JSON.stringify([{ ...event, subject: "receiver:from-http" }]);
  const events = await post("/v1/messages", batch, { "Content-Type": "application/cloudevents-batch+json" });
  expect(await events.json()).toMatchObject({ results: [{ id: "e1" }] });
  expect(await receiver.exit).toMatchObject({ code: 0 });
  expect(receiver.stdout.map((line) => JSON.parse(line) as object)).toMatchObject([
    { sender: "web", text: "hello" },
    { sender: "shop", id: "e1", type: "order.created" },
  ]);
});

test("what gRPC sends, HTTP receives and settles; metrics show all of it", async () => {
  const client = connect({ routers: [chappe.router.address] });
  const abort = new AbortController();
  const messages = receive("/v1/receivers/to-http", abort.signal);
  const next = async () => (await messages.next()).value as MessageEvent;
  const first = next();
  await client.sender("service").send({ to: "to-http", body: "hello" });
  const { delivery, ...message } = await first;
  expect(message).toMatchObject({ sender: "service", encoding: "utf8", body: "hello", attempt: 1 });

  const subscription = '{address="receiver:to-http",subscription=""}';
  expect(await metric(`chappe_subscription_depth_messages${subscription}`)).toBe(1);
  expect(await metric(`chappe_subscription_oldest_age_seconds${subscription}`)).toBeGreaterThanOrEqual(0);
  expect(await metric("chappe_held_messages")).toBe(1);
  expect(await metric('chappe_streams{route="http"}')).toBe(1);
  expect(await metric('chappe_store_seconds_count{call="ping"}')).toBeGreaterThan(0);

  const failed = await post(
    "/v1/receivers/to-http/settlements",
    JSON.stringify({ outcomes: [{ delivery, kind: "fail", delayMs: 1 }] }),
  );
  expect(await failed.json()).toEqual({ settled: 1 });
  const again = await next();
  expect(again).toMatchObject({ body: "hello", attempt: 2 });
  const outcomes = [{ delivery: again.delivery, kind: "ack" }];
  await post("/v1/receivers/to-http/settlements", JSON.stringify({ outcomes }));
  await waitFor(async () => (await metric("chappe_held_messages")) === 0);
  expect(await metric('chappe_outcomes_total{kind="ack"}')).toBeGreaterThan(0);
  abort.abort();
  await messages.return(undefined).catch(() => {});
  await client.close();
});

test.skipIf(process.env["REDIS_URL"])("it is not ready while Redis is away, lives on, and is ready again", async () => {
  const status = async (path: string) => (await fetch(chappe.router.url + path)).status;
  expect(await status("/readyz")).toBe(200);
  await chappe.redis.kill();
  await waitFor(async () => (await status("/readyz")) === 503, { deadlineMs: 15_000 });
  expect(await status("/healthz")).toBe(200);
  const headers = { "Chappe-Sender": "web", "Chappe-To": "nobody" };
  const refused = await post("/v1/messages", "x", headers);
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: "UNAVAILABLE", retryable: true }]);
  await chappe.redis.restart();
  await waitFor(async () => (await status("/readyz")) === 200, { deadlineMs: 15_000 });
  expect(await post("/v1/messages", "x", headers)).toMatchObject({ status: 201 });
});

test("a router that is told to stop asks its HTTP consumers to leave, and exits with 0", async () => {
  const response = await fetch(`${chappe.router.url}/v1/receivers/idle/messages`);
  chappe.router.process.kill("SIGTERM");
  const told = await response.text();
  expect(told).toMatch(/event: opened[^]*event: draining[^]*event: closed/);
  expect(await chappe.router.process.exit).toEqual({ code: 0, signal: null });
});
