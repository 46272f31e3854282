import type {
  CancelRequest,
  PublishResponse__Output,
  SendRequest,
  SendResponse__Output,
  SubscribeResponse__Output,
} from "@chappe/proto";
import { randomBytes } from "node:crypto";
import { type ServiceError, status } from "@grpc/grpc-js";
import { waitFor } from "@chappe/testing";
import protobuf from "protobufjs";
import { serviceProtoPath, protoRoot } from "@chappe/proto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectStockClient, type StockClient } from "./fixtures/stock-client.ts";
import { startTestRouter } from "./fixtures/test-router.ts";

function send(client: StockClient, request: SendRequest): Promise<SendResponse__Output> {
  return new Promise((resolve, reject) => {
    client.send(request, (error, response) => (error === null ? resolve(response!) : reject(error)));
  });
}

/** `Records` for a protobuf library of anybody's choice. */
function recordsType(): protobuf.Type {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (target === serviceProtoPath ? target : join(protoRoot, target));
  return root.loadSync(serviceProtoPath).lookupType("chappe.v1.Records");
}

test("a client made from the .proto files alone sends, receives and settles", async () => {
  await using fixture = await startTestRouter();
  using client = connectStockClient(fixture.router.address);

  const sent = await send(client, {
    sender: "sender-01",
    to: "receiver-01",
    body: Buffer.from("hello"),
    contentType: "text/plain",
    attributes: { colour: "red" },
  });
  expect(sent).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    receipt: { durability: "ACCEPTED", duplicate: false, epoch: expect.stringMatching(/./) },
  });

  const responses: SubscribeResponse__Output[] = [];
  const stream = client.subscribe();
  stream.on("data", (response: SubscribeResponse__Output) => responses.push(response));
  const ended = new Promise<number>((resolve) => stream.on("status", ({ code }) => resolve(code)));
  stream.write({ open: { address: "receiver:receiver-01", consumer: "c1" }, credit: { messages: 10, bytes: 100_000 } });
  const delivery = await waitFor(() => responses.flatMap(({ deliveries }) => deliveries)[0]);
  expect(responses[0]?.opened).toMatchObject({ leaseMs: 30_000, heartbeatMs: 10_000, maxAttempts: 5 });
  expect(delivery).toMatchObject({
    number: 1,
    attempt: 1,
    first: 0,
    count: 1,
    header: { sender: "sender-01", address: "receiver:receiver-01", contentType: "text/plain" },
  });
  const { record } = recordsType().decode(delivery.records).toJSON() as { record: Record<string, unknown>[] };
  expect(record).toEqual([{ body: Buffer.from("hello").toString("base64"), attributes: { colour: "red" } }]);

  stream.write({ number: 1, outcomes: [{ delivery: 1, first: 0, count: 1, kind: "ACK" }] });
  const settled = await waitFor(() => responses.flatMap(({ settled }) => settled)[0]);
  expect(settled).toEqual({ number: 1, refused: [] });
  stream.end();
  expect(await ended).toBe(status.OK);
});

test("it publishes batches that it serialized itself, and a resend is stored once", async () => {
  await using fixture = await startTestRouter();
  using client = connectStockClient(fixture.router.address);
  const records = recordsType()
    .encode({ record: [{ body: Buffer.from("one") }, { body: Buffer.from("two"), id: "two" }] })
    .finish();
  const header = {
    sender: "sender-01",
    address: "topic:orders",
    producerId: randomBytes(16),
    sequence: 1,
    count: 2,
    firstId: randomBytes(16),
    firstTimeUnixMs: Date.now(),
  };
  const stream = client.publish();
  const responses: PublishResponse__Output[] = [];
  stream.on("data", (response: PublishResponse__Output) => responses.push(response));
  stream.write({ number: 4, batches: [{ header, records }], durability: "ACCEPTED" });
  stream.write({
    number: 5,
    batches: [
      { header, records },
      { header: { ...header, sequence: 9 }, records },
    ],
  });
  await waitFor(() => responses.flatMap(({ results }) => results).length === 3);
  expect(responses.flatMap(({ results }) => results)).toMatchObject([
    { number: 4, index: 0, result: "receipt", receipt: { duplicate: false } },
    { number: 5, index: 0, result: "receipt", receipt: { duplicate: true } },
    { number: 5, index: 1, result: "error", error: { code: status.FAILED_PRECONDITION, expectedSequence: 2 } },
  ]);
  stream.end();
  await new Promise((resolve) => stream.once("status", resolve));
});

test.each<[string, SendRequest, number, RegExp]>([
  ["no sender", { to: "b" }, status.INVALID_ARGUMENT, /sender/],
  ["no destination", { sender: "a" }, status.INVALID_ARGUMENT, /neither to nor topic/],
  [
    "a topic outside the grammar",
    { sender: "a", topic: "ö" },
    status.INVALID_ARGUMENT,
    /topic "ö" has "ö" at position 0/,
  ],
  [
    "a body over the limit",
    { sender: "a", to: "b", body: Buffer.alloc(1_048_577) },
    status.INVALID_ARGUMENT,
    /1048576/,
  ],
  ["a long id", { sender: "a", to: "b", id: "x".repeat(201) }, status.INVALID_ARGUMENT, /id/],
  ["a reply address of no kind", { sender: "a", to: "b", replyTo: "x" }, status.INVALID_ARGUMENT, /replyTo/],
  [
    "deliver_at_unix_ms",
    { sender: "a", to: "b", deliverAtUnixMs: Date.now() * 1_000 },
    status.INVALID_ARGUMENT,
    /deliver_at_unix_ms \d+ is more than 365 days ahead/,
  ],
  [
    "a durability that the store lacks",
    { sender: "a", to: "b", durability: "FSYNCED" },
    status.FAILED_PRECONDITION,
    /fsynced/,
  ],
])("Send refuses %s", async (_, request, code, message) => {
  await using fixture = await startTestRouter();
  using client = connectStockClient(fixture.router.address);
  const error: ServiceError = await send(client, request).then(
    () => expect.unreachable(),
    (reason: unknown) => reason as ServiceError,
  );
  expect(error.code, error.details).toBe(code);
  expect(error.details).toMatch(message);
});

test("Send keeps an id of the sender's own, and sends to topics", async () => {
  await using fixture = await startTestRouter();
  using client = connectStockClient(fixture.router.address);
  expect(await send(client, { sender: "a", topic: "t", id: "order-7", body: Buffer.from("x") })).toMatchObject({
    id: "order-7",
  });
});

test("Send under a deduplication id that was used is told the message that is stored", async () => {
  await using fixture = await startTestRouter();
  using client = connectStockClient(fixture.router.address);
  const request = { sender: "a", to: "b", body: Buffer.from("x"), deduplicationId: "d", ttlMs: 60_000 };
  expect(await send(client, { ...request, id: "first" })).toMatchObject({
    id: "first",
    receipt: { duplicate: false, originalId: "" },
  });
  expect(await send(client, { ...request, id: "second" })).toMatchObject({
    id: "first",
    receipt: { duplicate: true, originalId: "first" },
  });
});

test("Cancel takes back a delayed message, once", async () => {
  await using fixture = await startTestRouter();
  using client = connectStockClient(fixture.router.address);
  const cancel = (request: CancelRequest): Promise<boolean | undefined> =>
    new Promise((resolve, reject) =>
      client.cancel(request, (error, response) => (error ? reject(error) : resolve(response?.cancelled))),
    );
  const { id } = await send(client, { sender: "a", topic: "t", deliverAtUnixMs: Date.now() + 600_000 });
  expect(await cancel({ sender: "b", topic: "t", id })).toBe(false);
  expect(await cancel({ sender: "a", topic: "t", id })).toBe(true);
  expect(await cancel({ sender: "a", topic: "t", id })).toBe(false);
  await expect(cancel({ sender: "a", id })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
});
