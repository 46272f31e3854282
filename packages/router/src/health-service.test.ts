import { ChappeError } from "@chappe/message";
import { EventEmitter } from "node:events";
import { Client, type ClientReadableStream, credentials, type Server, status } from "@grpc/grpc-js";
import { service } from "grpc-health-check";
import { waitFor } from "@chappe/testing";
import { expect, test } from "vitest";
import { FakeBroker } from "./fixtures/fake-broker.ts";
import { startTestRouter } from "./fixtures/test-router.ts";
import { HealthService } from "./health-service.ts";

/** A stock health client. `using` closes it. */
function healthClient(address: string) {
  const client = new Client(address, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
  const { Check: check, Watch: watch } = service as Record<"Check" | "Watch", (typeof service)[string]>;
  return {
    check: (name = "") =>
      new Promise<string>((resolve) => {
        client.makeUnaryRequest(
          check.path,
          check.requestSerialize,
          check.responseDeserialize,
          { service: name },
          (error, response) => resolve(error === null ? (response as { status: string }).status : status[error.code]!),
        );
      }),
    watch(name = "") {
      const call = client.makeServerStreamRequest(watch.path, watch.requestSerialize, watch.responseDeserialize, {
        service: name,
      });
      const seen: string[] = [];
      (call as ClientReadableStream<{ status: string }>).on("data", (response) => seen.push(response.status));
      call.on("error", () => {});
      call.on("status", ({ code }) => seen.push(status[code]!));
      return { call, seen };
    },
    [Symbol.dispose]: () => client.close(),
  };
}

test("health is what a round trip to the store says, for the server and for the service", async () => {
  const broker = new FakeBroker();
  let pings = 0;
  broker.onPing = async () => void pings++;
  await using fixture = await startTestRouter({ broker, readinessMs: 50 });
  using health = healthClient(fixture.router.address);
  await waitFor(() => pings >= 3);
  expect(await health.check()).toBe("SERVING");
  expect(await health.check("chappe.v1.MessageService")).toBe("SERVING");

  broker.onPing = () => Promise.reject(new ChappeError("UNAVAILABLE", "the store is away"));
  await waitFor(async () => (await health.check()) === "NOT_SERVING");
  expect(fixture.router.notReady?.message).toBe("the store is away");
  broker.onPing = async () => {};
  await waitFor(async () => (await health.check()) === "SERVING");
  expect(fixture.router.notReady).toBeUndefined();
  expect(fixture.events.map(({ kind }) => kind)).toEqual(["listening", "ready", "not-ready", "ready"]);
});

test("a store that is still connecting is waited for, and not said to be away", async () => {
  const broker = new FakeBroker();
  let tries = 0;
  broker.onPing = () =>
    ++tries < 3 ? Promise.reject(new ChappeError("UNAVAILABLE", "connecting")) : Promise.resolve();
  await using fixture = await startTestRouter({ broker });
  expect(fixture.events.map(({ kind }) => kind)).toEqual(["listening", "ready"]);
});

test("a store that does not answer at all is away, and the router starts nevertheless", async () => {
  const broker = new FakeBroker();
  broker.onPing = () => new Promise(() => {});
  await using fixture = await startTestRouter({ broker });
  using health = healthClient(fixture.router.address);
  expect(await health.check()).toBe("NOT_SERVING");
  expect(fixture.events).toContainEqual({
    kind: "not-ready",
    error: expect.objectContaining({ code: "UNAVAILABLE", message: "the store did not answer a ping within 2000 ms" }),
  });
});

test("a service that is not here is unknown", async () => {
  await using fixture = await startTestRouter();
  using health = healthClient(fixture.router.address);
  expect(await health.check("other.Service")).toBe("NOT_FOUND");
  const { call, seen } = health.watch("other.Service");
  await waitFor(() => seen.length === 1);
  expect(seen).toEqual(["SERVICE_UNKNOWN"]);
  call.cancel();
});

test("who watches is told of each change, and does not hold up a drain", async () => {
  const broker = new FakeBroker();
  await using fixture = await startTestRouter({ broker, readinessMs: 50 });
  using health = healthClient(fixture.router.address);
  const { seen } = health.watch();
  await waitFor(() => seen.length === 1);
  broker.onPing = () => Promise.reject(new Error("away"));
  await waitFor(() => seen.length === 2);
  broker.onPing = async () => {};
  await waitFor(() => seen.length === 3);
  await fixture.router.drain();
  await waitFor(() => seen.at(-1) === "OK");
  expect(seen).toEqual(["SERVING", "NOT_SERVING", "SERVING", "NOT_SERVING", "OK"]);
});

test("an answer of the store that comes after the end changes nothing", async () => {
  const broker = new FakeBroker();
  await using fixture = await startTestRouter({ broker, readinessMs: 50 });
  const asked = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  broker.onPing = () => (asked.resolve(), late.promise);
  await asked.promise;
  await fixture.router.close();
  late.reject(new ChappeError("UNAVAILABLE", "too late"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(fixture.events.at(-1)).toMatchObject({ kind: "closed" });
});

test("who does not read is told the latest, and none of those between", () => {
  let watch: ((call: unknown) => void) | undefined;
  const health = new HealthService([]);
  const server = { addService: (_: unknown, handlers: { watch: typeof watch }) => (watch = handlers.watch) };
  health.addTo(server as unknown as Server);
  const written: string[] = [];
  const call = Object.assign(new EventEmitter(), {
    request: { service: "" },
    writableNeedDrain: true,
    write: ({ status }: { readonly status: string }) => written.push(status),
  });
  watch!(call);
  health.set("SERVING");
  health.set("NOT_SERVING");
  health.set("SERVING");
  expect(written).toEqual([]);
  call.writableNeedDrain = false;
  call.emit("drain");
  expect(written).toEqual(["SERVING"]);
});
