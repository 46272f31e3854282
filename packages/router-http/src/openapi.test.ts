import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { createMemoryBackend } from "@chappe/broker";
import { createTestApp, impatientBroker, type TestApp } from "./fixtures/test-app.ts";
import { startTestHttpRouter } from "./fixtures/test-http-router.ts";
import { createMetrics } from "./metrics/metrics.ts";

/** The parts of a document that the tests look at. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

async function documentOf({ app }: TestApp): Promise<Document> {
  return (await app.inject("/openapi.json")).json();
}

/** A fixture with everything that can be served. */
function everything(options: Parameters<typeof createTestApp>[0] = {}) {
  const metrics = createMetrics();
  metrics.close();
  return createTestApp({ metrics, ...options });
}

it("the document is valid OpenAPI 3.1", async () => {
  await using fixture = everything();
  const validator = new Validator();
  const { valid, errors } = await validator.validate((await documentOf(fixture)) as unknown as Record<string, unknown>);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe("3.1");
});

it("every route that is served is in the document, and every one in the document is served", async () => {
  await using fixture = everything();
  const { paths } = await documentOf(fixture);
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
  );
  // As fastify prints its tree of routes: the text of a branch follows that of its parent.
  const tree = fixture.app.printRoutes({ commonPrefix: false });
  const served: string[] = [];
  const parents: string[] = [];
  for (const line of tree.split("\n")) {
    const [, indent, text, methods] = /^((?:│ {3}| {4})*)[├└]── (\S+?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (indent === undefined || text === undefined) continue;
    const depth = indent.length / 4;
    parents.length = depth;
    parents.push(text);
    for (const method of methods?.split(", ") ?? []) served.push(`${method} ${parents.join("")}`);
  }
  expect(served.toSorted()).toEqual(documented.toSorted());
  expect(documented).toHaveLength(14);
});

it("operation ids and references are what they should be", async () => {
  await using fixture = everything();
  const document = await documentOf(fixture);
  const ids = Object.values(document.paths).flatMap((operations) =>
    Object.values(operations).map(({ operationId }: Operation & { readonly operationId?: string }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  const referenced = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name!,
  );
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(referenced));
});

it("what is answered is what the document says, for each status", async () => {
  await using fixture = everything({
    broker: impatientBroker(createMemoryBackend({ maxBytes: 3_000 }).connect()),
    maxMessageBytes: 1_000,
  });
  const document = await documentOf(fixture);
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(document, "document");
  const seen = new Set<string>();

  /** Asks, and holds the answer to the document. */
  const ask = async (
    method: "GET" | "POST" | "DELETE",
    path: string,
    url: string,
    more: object = {},
  ): Promise<void> => {
    const answer = await fixture.app.inject({ method, url, ...more });
    const described = document.paths[path]?.[method.toLowerCase()]?.responses[answer.statusCode];
    const what = `${method} ${path} ${answer.statusCode}`;
    seen.add(what);
    expect(described, what).toBeDefined();
    if (answer.statusCode === 204) return;
    const type = String(answer.headers["content-type"]).split(";", 1)[0]!;
    const schema = described!.content?.[type]?.schema;
    expect(schema, `${what} ${type}`).toBeDefined();
    if (!type.endsWith("json")) return;
    const valid = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object);
    expect([valid(answer.json()), valid.errors], `${what} ${answer.body}`).toEqual([true, null]);
  };

  const event = { specversion: "1.0", id: "1", source: "a", type: "t", subject: "receiver:b", data: 1 };
  const batch = { "content-type": "application/cloudevents-batch+json" };
  const publish = (more: object, query = "?sender=a&to=b") => ask("POST", "/v1/messages", `/v1/messages${query}`, more);
  await publish({ payload: "x" });
  await publish({ headers: batch, payload: JSON.stringify([event]) });
  await publish({ headers: batch, payload: JSON.stringify([event, {}]) }, "");
  await publish({ payload: "x" }, "");
  await publish({ payload: Buffer.alloc(2_000) });
  await publish({ headers: { "content-type": "application/cloudevents+avro" }, payload: "x" });
  const later = { "chappe-deliver-at-unix-ms": String(Date.now() + 600_000), "chappe-id": "7" };
  await publish({ headers: later, payload: "x" });
  await publish({ headers: later, payload: "x" });
  await ask("DELETE", "/v1/messages/{id}", "/v1/messages/7?sender=a&to=b");
  await ask("DELETE", "/v1/messages/{id}", "/v1/messages/7?sender=a");
  await ask("DELETE", "/v1/messages/{id}", `/v1/messages/${"x".repeat(1_000)}?sender=a&to=b`);
  for (let sent = 0; sent < 3; sent++) await publish({ payload: Buffer.alloc(1_000) });

  for (const [path, place] of [
    ["/v1/receivers/{receiver}", "/v1/receivers/b"],
    ["/v1/topics/{topic}/subscriptions/{subscription}", "/v1/topics/t/subscriptions/s"],
  ] as const) {
    await ask("GET", `${path}/messages`, `${place}/messages?credit=x`);
    await ask("GET", `${path}/messages`, `${place}${"x".repeat(1_000)}/messages`);
    await ask("POST", `${path}/settlements`, `${place}/settlements`, { payload: "{" });
    const outcomes = [{ delivery: "none", kind: "ack" }];
    await ask("POST", `${path}/settlements`, `${place}/settlements`, { payload: JSON.stringify({ outcomes }) });
    await ask("POST", `${path}/streams/{stream}/renewals`, `${place}/streams/x/renewals`);
    await ask("DELETE", `${path}/streams/{stream}`, `${place}/streams/x`);
  }
  for (const path of ["/healthz", "/readyz", "/metrics", "/openapi.json"]) await ask("GET", path, path);
  await fixture.broker.close();
  await ask("GET", "/readyz", "/readyz");
  await publish({ payload: "x" });
  await ask("GET", "/v1/receivers/{receiver}/messages", "/v1/receivers/b/messages");
  expect([...seen].filter((what) => what.startsWith("POST /v1/messages")).toSorted()).toEqual(
    [201, 400, 409, 413, 415, 429, 503].map((status) => `POST /v1/messages ${status}`),
  );
});

it("messages of a stream and what is answered beside it are what the document says", async () => {
  await using fixture = await startTestHttpRouter();
  const document = (await (await fetch(`${fixture.url}/openapi.json`)).json()) as Document;
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema(document, "document");
  const hold = (value: unknown, name: string): void => {
    const valid = ajv.compile({ $ref: `document#/components/schemas/${name}` });
    expect([valid(value), valid.errors]).toEqual([true, null]);
  };
  const stream = await fixture.receive();
  const headers = {
    "chappe-sender": "a",
    "chappe-to": "b",
    "chappe-type": "t",
    "chappe-correlation-id": "c",
    "chappe-reply-to": "receiver:a",
    "chappe-ordering-key": "k",
    "chappe-attribute-a": "1",
  };
  await fetch(`${fixture.url}/v1/messages`, { method: "POST", headers, body: "x" });
  hold(await stream.message(), "MessageEvent");
  const outcome = { delivery: (await stream.message()).delivery, kind: "ack" };
  hold({ outcomes: [outcome] }, "Settlements");
  hold(await (await stream.settle(outcome)).json(), "Settled");
  hold(await (await stream.settle(outcome)).json(), "SettleProblem");
  expect([(await stream.renew()).status, (await stream.leave()).status]).toEqual([204, 204]);
});
