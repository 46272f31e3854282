import { ChappeError, decodePublishResponse } from "@chappe/message";
import { status } from "@grpc/grpc-js";
import { waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { batchOf, newProducer } from "./fixtures/batches.ts";
import { FakeBroker } from "./fixtures/fake-broker.ts";
import { startTestRouter } from "./fixtures/test-router.ts";

async function setUp() {
  const broker = new FakeBroker();
  const fixture = await startTestRouter({ broker });
  return { broker, fixture, call: fixture.client().publish() };
}

describe("Publish", () => {
  test("hands each batch to the broker byte for byte, and answers it by frame and index", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    const batches = [batchOf(["one", "two"]), batchOf(["three"])];
    call.send(...batches);
    await waitFor(() => broker.publishes.length === 2);
    for (const [index, { headerBytes, records }] of batches.entries()) {
      expect(Buffer.compare(headerBytes, broker.publishes[index]!.batch.headerBytes) === 0).toBe(true);
      expect(Buffer.compare(records, broker.publishes[index]!.batch.records) === 0).toBe(true);
    }
    broker.publishes[1]!.resolve({ duplicate: true, epoch: "e7" });
    broker.publishes[0]!.reject(new ChappeError("RESOURCE_EXHAUSTED", "the queue is full"));
    expect(await call.answer(1, 1)).toMatchObject({
      receipt: { durability: "accepted", duplicate: true, epoch: "e7" },
    });
    expect(await call.answer(1, 0)).toMatchObject({
      error: { code: "RESOURCE_EXHAUSTED", message: "the queue is full", retryable: true },
    });
  });

  test("answers of one producer keep its order, also when a later batch is refused at once", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    const next = newProducer();
    call.send(next("1"));
    call.send({ ...next("2"), records: Buffer.from("not records") });
    call.send(batchOf(["without a producer"]));
    await waitFor(() => broker.publishes.length === 2);
    broker.publishes[1]!.resolve();
    await call.answer(3);
    broker.publishes[0]!.resolve();
    await call.answer(2);
    expect(call.results.map(({ number }) => number)).toEqual([3, 1, 2]);
  });

  test("a gap is told with the sequence that is expected, and the stream goes on", async () => {
    await using fixture = await startTestRouter();
    const call = fixture.client().publish();
    const next = newProducer();
    call.send(next("1"));
    call.send(next("3", 3));
    call.send(next("2", 2));
    expect(await call.answer(2)).toMatchObject({ error: { code: "FAILED_PRECONDITION", expectedSequence: 2 } });
    expect(await call.answer(3)).toMatchObject({ receipt: { duplicate: false } });
  });

  test("the answers of one turn leave in one frame", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    call.send(...Array.from({ length: 50 }, (_, index) => batchOf([`${index}`])));
    await waitFor(() => broker.publishes.length === 50);
    for (const publish of broker.publishes) publish.resolve();
    await call.answer(1, 49);
    expect(call.frameBytes).toHaveLength(1);
  });

  test("that the store was lost from sight is told after the answers that came with the loss", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    const told: string[] = [];
    call.call.on("data", (bytes: Buffer) => {
      const { results, storeInterrupted } = decodePublishResponse(bytes);
      told.push(...results.map(({ receipt }) => (receipt === undefined ? "error" : "receipt")));
      if (storeInterrupted === true) told.push("interruption");
    });
    call.send(batchOf(["stored before"]), batchOf(["under way"]));
    await waitFor(() => broker.publishes.length === 2);
    // As Redis' driver does it: before any promise of that turn runs.
    process.nextTick(() => {
      broker.publishes[0]!.resolve();
      broker.publishes[1]!.reject(new ChappeError("UNAVAILABLE", "the connection broke"));
      broker.interrupt();
    });
    await waitFor(() => told.length === 3);
    expect(told).toEqual(["receipt", "error", "interruption"]);
  });

  test("a half-close is answered with OK once everything is answered", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    call.send(batchOf(["x"]));
    call.call.end();
    await waitFor(() => broker.publishes.length === 1);
    expect(call.status).toBeUndefined();
    broker.publishes[0]!.resolve();
    expect(await call.ended()).toMatchObject({ code: status.OK });
    expect(call.results).toHaveLength(1);
  });

  test("a stream that breaks harms nobody: its late answers are dropped", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    call.send(batchOf(["x"]));
    await waitFor(() => broker.publishes.length === 1);
    call.call.cancel();
    await call.ended();
    broker.publishes[0]!.resolve();
    const other = fixture.client().publish();
    other.send(batchOf(["y"]));
    await waitFor(() => broker.publishes.length === 2);
    broker.publishes[1]!.resolve();
    expect(await other.answer(1)).toMatchObject({ receipt: {} });
  });
});

describe("a client that floods", () => {
  const MIB = 1_048_576;

  test("is not read on while 8 MiB of its batches are unanswered, and is when they are answered", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    const large = batchOf([new Uint8Array(MIB)]);
    for (let frame = 0; frame < 40; frame++) call.send(large);
    await waitFor(() => broker.publishes.length === 8);
    const other = fixture.client().publish();
    other.send(batchOf(["y"]));
    await waitFor(() => broker.publishes.length === 9);
    expect(broker.publishes.filter(({ batch }) => batch.records.length > MIB)).toHaveLength(8);
    for (let answered = 0; answered < 41; answered++) {
      await waitFor(() => broker.publishes.length > answered);
      broker.publishes[answered]!.resolve();
    }
    await waitFor(() => call.results.length === 40);
  });

  test("is not read on while it does not read its answers", async () => {
    const { broker, fixture, call } = await setUp();
    await using _ = fixture;
    call.call.pause();
    const small = batchOf(["x"]);
    const frame = Array.from({ length: 1_000 }, () => small);
    // Errors of 1 KiB fill the stream's window soon.
    const error = new ChappeError("UNAVAILABLE", "x".repeat(1_000));
    let answered = 0;
    const answer = (): void => {
      while (answered < broker.publishes.length) broker.publishes[answered++]!.reject(error);
    };
    for (let sent = 0; sent < 60; sent++) call.send(...frame);
    let before = -1;
    await waitFor(
      () => {
        answer();
        const still = before === broker.publishes.length;
        before = broker.publishes.length;
        return still && before > 4_000;
      },
      { deadlineMs: 10_000 },
    );
    expect(broker.publishes.length).toBeLessThan(20_000);
    call.call.resume();
    await waitFor(() => (answer(), call.results.length === 60_000), { deadlineMs: 10_000 });
  });
});
