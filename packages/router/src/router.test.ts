import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:http2";
import { once } from "node:events";
import { waitFor } from "@chappe/testing";
import { expect, test } from "vitest";
import { batchOf } from "./fixtures/batches.ts";
import { FakeBroker } from "./fixtures/fake-broker.ts";
import { startTestRouter } from "./fixtures/test-router.ts";
import { startRouter } from "./router.ts";

const OPEN = { address: "receiver:b", subscription: "", consumer: "c1" } as const;

test("it says where it listens, with the port it got", async () => {
  await using fixture = await startTestRouter();
  const { address, port } = fixture.router;
  expect(address).toBe(`127.0.0.1:${port}`);
  expect(fixture.events[0]).toEqual({ kind: "listening", address });
});

test("it listens on a unix socket too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "chappe-router-"));
  try {
    await using fixture = await startTestRouter({ listen: `unix:${folder}/router.sock` });
    expect(fixture.router).toMatchObject({ address: `unix:${folder}/router.sock`, port: 0 });
    const call = fixture.client().publish();
    call.send(batchOf(["x"]));
    expect(await call.answer(1)).toMatchObject({ receipt: {} });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a port that is taken is told by its address", async () => {
  await using fixture = await startTestRouter();
  const { address } = fixture.router;
  await expect(startRouter({ broker: fixture.broker, listen: address })).rejects.toMatchObject({
    code: "FAILED_PRECONDITION",
    message: `cannot listen on ${address}: another program does`,
  });
});

test("an address that is not this machine's is told", async () => {
  await expect(startRouter({ broker: new FakeBroker(), listen: "203.0.113.1:0" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: "cannot listen on 203.0.113.1:0: it is no address of this machine",
  });
});

test("messages may be as large as the router allows, both ways", async () => {
  const maxMessageBytes = 8 * 1_048_576;
  await using fixture = await startTestRouter({ maxMessageBytes });
  const publisher = fixture.client().publish();
  publisher.send(batchOf([new Uint8Array(maxMessageBytes)]));
  expect(await publisher.answer(1)).toMatchObject({ receipt: {} });
});

test("a connection that is old is asked to reconnect, and its consumer loses nothing", async () => {
  const broker = new FakeBroker();
  await using fixture = await startTestRouter({ broker, maxConnectionAgeMs: 1_000, drainMs: 500 });
  const client = fixture.client();
  const old = client.subscribe({ open: OPEN });
  await old.opened();
  await waitFor(() => old.responses.some(({ draining }) => draining));
  // GOAWAY came before: a new stream of the same client goes over a new connection.
  const fresh = client.subscribe({ open: OPEN });
  await fresh.opened();
  old.call.end();
  await old.ended();
  expect(broker.subscriptions[0]!.calls).not.toContain("crash");
  const [first, second] = fixture.events.filter(({ kind }) => kind === "consumer-joined");
  expect(first).not.toEqual(second);
  expect(fresh.status).toBeUndefined();
});

test("clients that publish get a larger window than HTTP/2 has by itself", async () => {
  await using fixture = await startTestRouter();
  const session = connect(`http://${fixture.router.address}`);
  const stream = session.request({
    ":method": "POST",
    ":path": "/chappe.v1.MessageService/Publish",
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
  await waitFor(() => session.remoteSettings.initialWindowSize === 1_048_576);
  await waitFor(() => (session.state.remoteWindowSize ?? 0) > 4_000_000);
  session.destroy();
  await once(session, "close");
});

test("a broken broker breaks a call, not the router", async () => {
  const broker = new FakeBroker();
  broker.publish = () => {
    throw new TypeError("a bug");
  };
  await using fixture = await startTestRouter({ broker });
  const call = fixture.client().publish();
  call.send(batchOf(["x"]));
  expect(await call.answer(1)).toMatchObject({ error: { code: "UNKNOWN", message: "a bug" } });
});
