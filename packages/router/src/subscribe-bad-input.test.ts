import { encodeSubscribeRequest, type SubscribeRequestFrame } from "@chappe/message";
import { status } from "@grpc/grpc-js";
import { waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { batchOf } from "./fixtures/batches.ts";
import { startTestRouter } from "./fixtures/test-router.ts";

const OPEN = { address: "receiver:b", subscription: "", consumer: "c1" } as const;
const ACK = { delivery: 1, first: 0, count: 1, kind: "ack" } as const;

const frame = (request: SubscribeRequestFrame): Buffer => encodeSubscribeRequest(request);

describe("a first frame that is wrong ends its stream", () => {
  test.each<[string, Buffer, RegExp]>([
    ["garbage", Buffer.from("this is no protobuf, is it?"), /./],
    ["empty", Buffer.alloc(0), /first frame has no open/],
    ["without open", frame({ credit: { messages: 1, bytes: 1 } }), /first frame has no open/],
    ["an address of no kind", frame({ open: { ...OPEN, address: "b" } }), /"receiver:" or "topic:"/],
    ["a name outside the grammar", frame({ open: { ...OPEN, address: "receiver:b/c" } }), /"\/" at position 1/],
    ["no consumer", frame({ open: { ...OPEN, consumer: "" } }), /consumer/],
    ["a subscription's name for a receiver", frame({ open: { ...OPEN, subscription: "s" } }), /subscription "s"/],
    ["no subscription's name for a topic", frame({ open: { ...OPEN, address: "topic:t" } }), /subscription/],
    ["an unknown start", Buffer.from([0x0a, 0x02, 0x20, 0x07]), /start_from 7/],
  ])("%s", async (_, bytes, message) => {
    await using fixture = await startTestRouter();
    const call = fixture.client().subscribe();
    call.sendBytes(bytes);
    const { code, details } = await call.ended();
    expect(code, details).toBe(status.INVALID_ARGUMENT);
    expect(details).toMatch(message);
    expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "stream-refused", method: "Subscribe" }));
  });

  test("none at all, and a half-close", async () => {
    await using fixture = await startTestRouter();
    const call = fixture.client().subscribe();
    call.call.end();
    expect(await call.ended()).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: "the stream was half-closed before its first frame",
    });
  });

  test("none at all, for as long as a lease", async () => {
    await using fixture = await startTestRouter({ leaseMs: 1_000, heartbeatMs: 1_000 });
    const call = fixture.client().subscribe();
    expect(await call.ended()).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      details: "no first frame within 1000 ms",
    });
  });
});

describe("a later frame that is wrong ends its stream, and what it held is retried", () => {
  test.each<[string, Buffer, RegExp]>([
    ["garbage", Buffer.from("this is no protobuf, is it?"), /./],
    ["a second open", frame({ open: OPEN }), /open stands in a later frame/],
    [
      "too many messages of credit",
      frame({ credit: { messages: 1_000_001, bytes: 1 } }),
      /credit.messages 1000001; 0 to 1000000/,
    ],
    [
      "too many bytes of credit",
      frame({ credit: { messages: 1, bytes: 2 ** 30 + 1 } }),
      /credit.bytes 1073741825; 0 to/,
    ],
    // -1 as a client that takes the field for signed would write it.
    ["negative messages", Buffer.from([0x12, 11, 0x08, ...Array(9).fill(0xff), 0x01]), /credit: a number above/],
    ["negative bytes", Buffer.from([0x12, 11, 0x10, ...Array(9).fill(0xff), 0x01]), /credit: a number above/],
    ["an outcome of no messages", frame({ number: 1, outcomes: [ACK, { ...ACK, count: 0 }] }), /outcomes\[1\].count 0/],
    ["an outcome of no kind", Buffer.from([0x18, 0x01, 0x22, 0x04, 0x08, 0x01, 0x18, 0x01]), /outcomes\[0\]: kind 0/],
    [
      "too many outcomes",
      frame({ number: 1, outcomes: Array(4_097).fill(ACK) }),
      /4097 outcomes in a frame; up to 4096/,
    ],
    ["too many suspects begun", frame({ begun: Array(4_097).fill(1) }), /4097 numbers in begun; up to 4096/],
  ])("%s", async (_, bytes, message) => {
    await using fixture = await startTestRouter();
    const client = fixture.client();
    client.publish().send(batchOf(["one"]));
    const bad = client.subscribe({ open: OPEN, credit: { messages: 1, bytes: 1_000 } });
    await bad.delivery(1);
    const good = client.subscribe({ open: { ...OPEN, consumer: "c2" }, credit: { messages: 9, bytes: 1_000 } });
    await good.opened();
    bad.sendBytes(bytes);
    const { code, details } = await bad.ended();
    expect(code, details).toBe(status.INVALID_ARGUMENT);
    expect(details).toMatch(message);
    expect(await good.delivery(1)).toMatchObject({ attempt: 2 });
    expect(good.status).toBeUndefined();
  });
});

describe("an outcome that does not count is refused alone", () => {
  test.each([
    ["of a delivery that was never made", { ...ACK, delivery: 99 }],
    ["of delivery 0", { ...ACK, delivery: 0 }],
    ["of messages beyond the delivery", { ...ACK, first: 1, count: 5 }],
    ["given twice", { ...ACK, first: 0 }],
  ])("%s", async (_, outcome) => {
    await using fixture = await startTestRouter();
    const client = fixture.client();
    client.publish().send(batchOf(["one", "two"]));
    const call = client.subscribe({ open: OPEN, credit: { messages: 9, bytes: 1_000 } });
    await call.delivery(1);
    call.send({ number: 7, outcomes: [ACK, outcome, { ...ACK, first: 1 }] });
    await waitFor(() => call.settled.length === 1);
    expect(call.settled).toMatchObject([
      { number: 7, refused: [{ ...refusal(outcome), error: { code: "FAILED_PRECONDITION", retryable: false } }] },
    ]);
    expect(call.status).toBeUndefined();
  });
});

function refusal({ delivery, first, count }: { delivery: number; first: number; count: number }) {
  return { delivery, first, count };
}

test("frames after a half-close cannot be, and frames after draining are taken", async () => {
  await using fixture = await startTestRouter();
  const client = fixture.client();
  client.publish().send(batchOf(["one"]));
  const call = client.subscribe({ open: OPEN, credit: { messages: 1, bytes: 1_000 } });
  await call.delivery(1);
  call.send({ draining: true });
  call.send({ number: 1, outcomes: [ACK], credit: { messages: 5, bytes: 100 } });
  await waitFor(() => call.settled.length === 1);
  expect(call.settled).toEqual([{ number: 1, refused: [] }]);
});
