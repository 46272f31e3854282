import { type Batch, encodeBatchHeader } from "@chappe/message";
import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { batchOf, newProducer } from "./fixtures/batches.ts";
import { startTestRouter } from "./fixtures/test-router.ts";

/** A good batch whose header says something else. */
function withHeader(change: Partial<Batch["header"]>): Batch {
  const { header, records } = batchOf(["one", "two"]);
  const changed = { ...header, ...change };
  return { header: changed, headerBytes: encodeBatchHeader(changed), records };
}

const withRecords = (records: Uint8Array): Batch => ({ ...batchOf(["one"]), records });

describe("a frame that cannot be read ends its stream, after what came before is answered", () => {
  test.each([
    ["garbage", Buffer.from("this is no protobuf, is it?")],
    ["a field cut off", Buffer.from([0x12, 0x7f, 0x01])],
    ["a varint of eleven bytes", Buffer.alloc(11, 0xff)],
    ["a wrong wire type that leads astray", Buffer.from([0x0a, 0x7f])],
    ["a batch without a header", Buffer.from([0x12, 0x00])],
    ["a header that is garbage", Buffer.from([0x12, 0x04, 0x0a, 0x02, 0xff, 0xff])],
    ["an unknown durability", Buffer.from([0x18, 0x09])],
  ])("%s", async (_, bytes) => {
    await using fixture = await startTestRouter();
    const client = fixture.client();
    const [bad, good] = [client.publish(), client.publish()];
    bad.send(batchOf(["before"]));
    bad.sendBytes(bytes);
    bad.send(batchOf(["after"]));
    const { code, details } = await bad.ended();
    expect(code, details).toBe(status.INVALID_ARGUMENT);
    expect(details).not.toBe("");
    expect(bad.results).toMatchObject([{ number: 1, receipt: {} }]);
    expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "stream-refused", method: "Publish" }));

    good.send(batchOf(["unharmed"]));
    expect(await good.answer(1)).toMatchObject({ receipt: {} });
  });

  test("fields that nobody knows yet are passed over", async () => {
    await using fixture = await startTestRouter();
    const call = fixture.client().publish();
    call.sendBytes(Buffer.from([0xfa, 0x07, 0x01, 0x00]));
    call.send(batchOf(["x"]));
    expect(await call.answer(1)).toMatchObject({ receipt: {} });
  });

  test("a frame larger than 4 MiB is refused before it is read", async () => {
    await using fixture = await startTestRouter();
    const call = fixture.client().publish();
    call.sendBytes(Buffer.alloc(4 * 1_048_576 + 1));
    expect(await call.ended()).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });
});

describe("a batch that is wrong is refused alone", () => {
  test.each<[string, Batch, string, RegExp]>([
    [
      "a sender outside the grammar",
      withHeader({ sender: "a b" }),
      "INVALID_ARGUMENT",
      /sender "a b" has " " at position 1/,
    ],
    ["no sender", withHeader({ sender: "" }), "INVALID_ARGUMENT", /sender/],
    ["an address of no kind", withHeader({ address: "queue:x" }), "INVALID_ARGUMENT", /"receiver:" or "topic:"/],
    ["a long name", withHeader({ address: `topic:${"x".repeat(201)}` }), "INVALID_ARGUMENT", /200/],
    ["a count that is too high", withHeader({ count: 3 }), "INVALID_ARGUMENT", /records/],
    ["a count that is too low", withHeader({ count: 1 }), "INVALID_ARGUMENT", /follow the 1 records/],
    ["no messages", withHeader({ count: 0 }), "INVALID_ARGUMENT", /count is 0; 1 to 1024/],
    ["a short id", withHeader({ firstId: new Uint8Array(3) }), "INVALID_ARGUMENT", /first_id has 3 bytes; 16/],
    ["a sequence without a producer", withHeader({ sequence: 4 }), "INVALID_ARGUMENT", /sequence is 4/],
    ["records that are none", withRecords(Buffer.from("garbage")), "INVALID_ARGUMENT", /record/],
    ["a body over the limit", batchOf([new Uint8Array(1_048_576 + 20_000)]), "INVALID_ARGUMENT", /1064960|1048576/],
    ["a delivery time for two", withHeader({ deliverAtMs: 1 }), "INVALID_ARGUMENT", /batch of 2 messages; only 1/],
    [
      "a delivery time in microseconds",
      withHeader({ deliverAtMs: Date.now() * 1_000 }),
      "INVALID_ARGUMENT",
      /is more than 365 days ahead; allowed is up to \d+/,
    ],
    [
      "a deduplication id for two",
      withHeader({ deduplicationId: "d" }),
      "INVALID_ARGUMENT",
      /deduplication_id in a batch of 2 messages; only 1/,
    ],
  ])("%s", async (_, bad, code, message) => {
    await using fixture = await startTestRouter();
    const call = fixture.client().publish();
    call.send(bad, batchOf(["good"]));
    const { error } = await call.answer(1, 0);
    expect(error).toMatchObject({ code, retryable: false });
    expect(error?.message).toMatch(message);
    expect(await call.answer(1, 1)).toMatchObject({ receipt: {} });
    call.call.end();
    expect(await call.ended()).toMatchObject({ code: status.OK });
  });

  test("an ordering key is no option that must wait: it is carried", async () => {
    await using fixture = await startTestRouter();
    const call = fixture.client().publish();
    call.send(batchOf(["x"], { orderingKey: "k" }));
    expect(await call.answer(1)).toMatchObject({ receipt: {} });
  });

  test("a refused batch leaves a gap, which its successor is told of", async () => {
    await using fixture = await startTestRouter();
    const call = fixture.client().publish();
    const next = newProducer();
    call.send(next("1"));
    call.send({ ...next("2"), records: Buffer.from("garbage") });
    call.send(next("3"));
    expect(await call.answer(2)).toMatchObject({ error: { code: "INVALID_ARGUMENT" } });
    expect(await call.answer(3)).toMatchObject({ error: { code: "FAILED_PRECONDITION", expectedSequence: 2 } });
  });
});
