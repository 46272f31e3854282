import { spawnSync } from "node:child_process";
import { createMemoryBackend, publishMessage, type Store } from "@chappe/broker";
import { type CallOptions, type ClientUnaryCall, type ServiceError, status } from "@grpc/grpc-js";
import type {
  AddressInfo__Output,
  DeadLetterInfo__Output,
  ListAddressesResponse__Output,
  ListDeadLettersResponse__Output,
  PeekResponse__Output,
  SeekRequest,
  SeekResponse__Output,
  WorkDone__Output,
} from "@chappe/proto";
import { describe, expect, test } from "vitest";
import { startTestAdmin, type TestAdmin } from "../fixtures/test-admin.ts";
import { startAdminRouter } from "./admin-router.ts";

type Done<Response> = (error: ServiceError | null, response?: Response) => void;

function ask<Response>(send: (options: CallOptions, done: Done<Response>) => ClientUnaryCall): Promise<Response> {
  return new Promise((resolve, reject) => {
    send({}, (error, response) => (error === null ? resolve(response as Response) : reject(error)));
  });
}

const QUEUE = { address: "receiver:receiver-01" };

describe("a client made from the .proto files alone", () => {
  test("lists addresses page by page, with their state", async () => {
    await using fixture = await startTestAdmin();
    for (const address of ["receiver:a", "receiver:b", "topic:orders"]) await fixture.publish(address, "hello");
    const first = await ask<ListAddressesResponse__Output>((options, done) =>
      fixture.client.listAddresses({ prefix: "receiver:", pageSize: 1 }, options, done),
    );
    const second = await ask<ListAddressesResponse__Output>((options, done) =>
      fixture.client.listAddresses({ prefix: "receiver:", pageSize: 1, pageToken: first.nextPageToken }, options, done),
    );
    expect(second.nextPageToken).toBe("");
    expect([...first.addresses, ...second.addresses]).toMatchObject([
      { address: "receiver:a", publishedMessages: 1, subscriptions: [{ subscription: "", depthMessages: 1 }] },
      { address: "receiver:b" },
    ]);
    const state = await ask<AddressInfo__Output>((options, done) =>
      fixture.client.getAddress({ address: "receiver:a" }, options, done),
    );
    expect(state.subscriptions[0]?.oldestAgeMs).toBeGreaterThanOrEqual(0);
  });

  test("peeks, with as much of the bodies as it asks for", async () => {
    await using fixture = await startTestAdmin();
    await fixture.publish(QUEUE.address, "hello");
    const peek = (maxBodyBytes: number) =>
      ask<PeekResponse__Output>((options, done) => fixture.client.peek({ ...QUEUE, maxBodyBytes }, options, done));
    expect((await peek(0)).messages).toMatchObject([
      {
        state: "WAITING",
        attempt: 1,
        holder: "",
        message: { sender: "sender-01", contentType: "text/plain", bodyBytes: 5, body: Buffer.alloc(0) },
      },
    ]);
    expect((await peek(4)).messages[0]?.message?.body.toString()).toBe("hell");
  });

  test("finds dead letters, and puts them back", async () => {
    await using fixture = await startTestAdmin();
    const { client } = fixture;
    for (const body of ["one", "two"]) {
      await fixture.publish(QUEUE.address, body);
      await fixture.letDie(QUEUE.address, `bad ${body}`);
    }
    const list = () =>
      ask<ListDeadLettersResponse__Output>((options, done) => client.listDeadLetters(QUEUE, options, done));
    const { deadLetters } = await list();
    expect(deadLetters).toMatchObject([
      { reason: "bad one", attempts: 1, message: { bodyBytes: 3, body: Buffer.alloc(0) } },
      { reason: "bad two" },
    ]);
    const shown = await ask<DeadLetterInfo__Output>((options, done) =>
      client.getDeadLetter({ ...QUEUE, id: deadLetters[0]!.id }, options, done),
    );
    expect(shown.message?.body.toString()).toBe("one");
    expect(shown.diedAtUnixMs).toBeGreaterThan(shown.message!.timeUnixMs - 1);
    const redriven = await ask<WorkDone__Output>((options, done) =>
      client.redriveDeadLetters({ ...QUEUE, reason: "two" }, options, done),
    );
    expect(redriven).toEqual({ messages: 1, nextPageToken: "" });
    const purged = await ask<WorkDone__Output>((options, done) =>
      client.purgeDeadLetters({ ...QUEUE, ids: [deadLetters[0]!.id] }, options, done),
    );
    expect(purged).toEqual({ messages: 1, nextPageToken: "" });
    expect((await list()).deadLetters).toEqual([]);
    const { messages } = await ask<PeekResponse__Output>((options, done) => client.peek(QUEUE, options, done));
    expect(messages).toMatchObject([{ state: "RETRY", attempt: 1 }]);
  });

  test("purges, and deletes what is empty or by force", async () => {
    await using fixture = await startTestAdmin();
    const { client } = fixture;
    const purge = () => ask<WorkDone__Output>((options, done) => client.purgeMessages(QUEUE, options, done));
    const remove = (address: string, force = false) =>
      ask<unknown>((options, done) => client.deleteAddress({ address, force }, options, done));
    await fixture.publish(QUEUE.address, "hello");
    await expect(remove(QUEUE.address)).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    expect(await purge()).toEqual({ messages: 1, nextPageToken: "" });
    await remove(QUEUE.address);
    await expect(remove(QUEUE.address)).rejects.toMatchObject({ code: status.NOT_FOUND });

    await fixture.publish("topic:orders", "hello");
    await fixture.letDie("topic:orders", "bad", "billing");
    const place = { address: "topic:orders", subscription: "billing" };
    const unsubscribe = (force: boolean) =>
      ask<unknown>((options, done) => client.deleteSubscription({ ...place, force }, options, done));
    await expect(unsubscribe(false)).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    await unsubscribe(true);
    await remove("topic:orders", true);
    const peer = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
    expect(fixture.changes).toEqual([
      { method: "PurgeMessages", peer, ...QUEUE, subscription: "", messages: 1 },
      { method: "DeleteAddress", peer, ...QUEUE, subscription: "", messages: undefined },
      { method: "DeleteSubscription", peer, ...place, messages: undefined },
      { method: "DeleteAddress", peer, address: "topic:orders", subscription: "", messages: undefined },
    ]);
  });

  test("purges what waits for its time, and it is told of as a change", async () => {
    await using fixture = await startTestAdmin();
    const { client, broker } = fixture;
    const purge = () => ask<WorkDone__Output>((o, d) => client.purgeDelayedMessages(QUEUE, o, d));
    await expect(purge()).rejects.toMatchObject({ code: status.NOT_FOUND });
    const later = { body: "later", deliverAt: new Date(Date.now() + 3_600_000) };
    for (let count = 0; count < 2; count++) await publishMessage(broker, later, { sender: "a", ...QUEUE });
    expect(await purge()).toEqual({ messages: 2, nextPageToken: "" });
    expect(await purge()).toEqual({ messages: 0, nextPageToken: "" });
    expect(fixture.changes.map(({ method, address, messages }) => [method, address, messages])).toEqual([
      ["PurgeDelayedMessages", QUEUE.address, 2],
      ["PurgeDelayedMessages", QUEUE.address, 0],
    ]);
  });

  test("moves a topic's subscription, and it is told of as a change", async () => {
    await using fixture = await startTestAdmin();
    const { client } = fixture;
    const place = { address: "topic:orders", subscription: "billing" };
    await fixture.publish(place.address, "hello");
    await fixture.letDie(place.address, "bad", place.subscription);
    const seek = (position: SeekRequest, at = place) =>
      ask<SeekResponse__Output>((options, done) => client.seek({ ...at, ...position }, options, done));
    const depth = async () => {
      const { subscriptions } = await ask<AddressInfo__Output>((o, d) => client.getAddress(place, o, d));
      return subscriptions[0]?.depthMessages;
    };
    expect(await depth()).toBe(0);
    expect(await seek({ earliest: true })).toEqual({});
    expect(await depth()).toBe(1);
    await seek({ latest: true });
    expect(await depth()).toBe(0);
    await seek({ timeUnixMs: 1 });
    expect(await depth()).toBe(1);
    const { messages } = await ask<PeekResponse__Output>((o, d) => client.peek(place, o, d));
    await seek({ latest: true });
    const messageId = messages[0]!.message!.id;
    await seek({ messageId });
    expect(await depth()).toBe(1);

    const unknown = "01976c1a-7ac1-7000-8000-000000000000";
    await expect(seek({ messageId: unknown })).rejects.toMatchObject({ code: status.NOT_FOUND });
    const archive = { ...place, subscription: "archive" };
    await expect(seek({ latest: true }, archive)).rejects.toMatchObject({ code: status.NOT_FOUND });
    const queue = { ...QUEUE, subscription: "" };
    await expect(seek({ latest: true }, queue)).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    for (const none of [{}, { earliest: false }, { timeUnixMs: 0 }, { messageId: "?" }]) {
      await expect(seek(none)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    }
    expect(fixture.changes.map(({ method, subscription, position }) => [method, subscription, position])).toEqual(
      ["earliest", "latest", { timeMs: 1 }, "latest", { messageId }].map((position) => ["Seek", "billing", position]),
    );
  });

  test("is told that an address or a subscription is not there, and nothing counts as changed", async () => {
    await using fixture = await startTestAdmin();
    const { client } = fixture;
    await fixture.publish("topic:orders", "hello");
    const places = [
      [QUEUE, "receiver:receiver-01 is not there: nobody has used it"],
      [{ address: "topic:orders", subscription: "biling" }, 'topic:orders has no subscription "biling"'],
    ] as const;
    for (const [place, details] of places) {
      const calls: Promise<unknown>[] = [
        ask((o, d) => client.peek(place, o, d)),
        ask((o, d) => client.listDeadLetters(place, o, d)),
        ask((o, d) => client.redriveDeadLetters(place, o, d)),
        ask((o, d) => client.purgeDeadLetters(place, o, d)),
        ask((o, d) => client.purgeMessages(place, o, d)),
      ];
      for (const call of calls) await expect(call).rejects.toMatchObject({ code: status.NOT_FOUND, details });
    }
    expect(fixture.changes).toEqual([]);
  });

  test("is told what is wrong with its request", async () => {
    await using fixture = await startTestAdmin();
    const { client } = fixture;
    const refusals: [Promise<unknown>, number, RegExp][] = [
      [ask((o, d) => client.getAddress({ address: "nowhere" }, o, d)), status.INVALID_ARGUMENT, /nowhere/],
      [ask((o, d) => client.getAddress({ address: "receiver:a" }, o, d)), status.NOT_FOUND, /receiver:a/],
      [ask((o, d) => client.peek({ address: "topic:a" }, o, d)), status.INVALID_ARGUMENT, /subscription/],
      [ask((o, d) => client.peek({ ...QUEUE, subscription: "s" }, o, d)), status.INVALID_ARGUMENT, /one queue/],
      [
        ask((o, d) => client.peek({ ...QUEUE, limit: 1_001 }, o, d)),
        status.INVALID_ARGUMENT,
        /limit 1001: at most 1000/,
      ],
      [ask((o, d) => client.listAddresses({ pageSize: 1_001 }, o, d)), status.INVALID_ARGUMENT, /page_size/],
      [ask((o, d) => client.listDeadLetters({ ...QUEUE, pageToken: "?" }, o, d)), status.INVALID_ARGUMENT, /page/],
      [ask((o, d) => client.getDeadLetter({ ...QUEUE, id: "?" }, o, d)), status.NOT_FOUND, /\?/],
    ];
    for (const [answer, code, details] of refusals) {
      await expect(answer).rejects.toMatchObject({ code, details: expect.stringMatching(details) });
    }
  });
});

const hasGrpcurl = spawnSync("grpcurl", ["-version"]).error === undefined;

test.runIf(hasGrpcurl)("grpcurl needs no file", async () => {
  await using fixture: TestAdmin = await startTestAdmin();
  await fixture.publish(QUEUE.address, "hello");
  const { execFile } = await import("node:child_process");
  const output = await new Promise<string>((resolve, reject) => {
    const args = ["-plaintext", fixture.admin.address, "chappe.v1.AdminService/ListAddresses"];
    execFile("grpcurl", args, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
  expect(JSON.parse(output)).toMatchObject({ addresses: [{ address: QUEUE.address, publishedMessages: "1" }] });
});

test("a store that cannot be administered, or an address that cannot be listened on, is refused", async () => {
  const store = createMemoryBackend().connect();
  const bare = { ping: () => store.ping() } as unknown as Store;
  const broker = { seek: async () => {} };
  await expect(startAdminRouter({ store: bare, broker })).rejects.toThrow("cannot be administered");
  await expect(startAdminRouter({ store, broker, listen: "?" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
