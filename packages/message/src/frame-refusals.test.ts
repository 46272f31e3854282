import { expect, test } from "vitest";
import {
  BatchBuilder,
  ChappeError,
  decodePublishRequest,
  decodePublishResponse,
  decodeSubscribeRequest,
  decodeSubscribeResponse,
  encodePublishRequest,
  encodeSubscribeRequest,
} from "./index.ts";

const LEN = 2;
const VARINT = 0;
const message = (field: number, ...content: number[]) => [(field << 3) | LEN, content.length, ...content];
const number = (field: number, value: number) => [(field << 3) | VARINT, value];

const REFUSED: [string, (bytes: Uint8Array) => unknown, number[], string][] = [
  ["a batch without a header", decodePublishRequest, message(2), "batches[0] of the publish request has no header"],
  ["an unknown durability", decodePublishRequest, number(3, 4), "durability 4 is not known; 0 to 3 are allowed"],
  [
    "more replicas than a publish can wait for",
    decodePublishRequest,
    [...number(3, 2), ...number(4, 16)],
    "1 to 15 replicas are allowed",
  ],
  ["replicas that nobody waits for", decodePublishRequest, [...number(3, 3), ...number(4, 1)], "durability 3 has none"],
  ["a result that is none", decodePublishResponse, message(1, ...number(1, 5)), "neither receipt nor error"],
  [
    "an outcome without a kind",
    decodeSubscribeRequest,
    message(4, ...number(1, 1)),
    "outcomes[0]: kind 0 is not known",
  ],
  ["an unknown kind", decodeSubscribeRequest, message(4, ...number(4, 5)), "kind 5 is not known; 1 to 4 are allowed"],
  ["an unknown start", decodeSubscribeRequest, message(1, ...number(4, 3)), "start_from 3 is not known"],
  [
    "a refusal without an error",
    decodeSubscribeResponse,
    message(3, ...message(2)),
    "refused[0] of settled has no error",
  ],
];

for (const [what, decode, bytes, text] of REFUSED) {
  test(`${what} is refused`, () => {
    expect(() => decode(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining(text) }),
    );
  });
}

test("of receipt and error the last one counts, as in every oneof", () => {
  const [receipt, error] = [message(3, ...message(3, 0x65)), message(4, ...number(1, 10))];
  const resultOf = (...content: number[]) => decodePublishResponse(Uint8Array.from(message(1, ...content))).results[0]!;
  expect(resultOf(...error, ...receipt)).toMatchObject({ receipt: { epoch: "e" }, error: undefined });
  expect(resultOf(...receipt, ...error)).toMatchObject({ receipt: undefined, error: { code: "ABORTED" } });
});

test("more batches than a frame may hold are not written", () => {
  const builder = new BatchBuilder({ sender: "s", address: "topic:t" });
  builder.add({ body: "a" }, 1000);
  const batches = new Array(4097).fill(builder.finish(new Uint8Array(0), 0));
  expect(() => encodePublishRequest({ number: 1, batches, durability: "accepted" })).toThrow(ChappeError);
});

test("a number that is not whole, negative or too large is not written", () => {
  for (const value of [-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
    const write = () => encodeSubscribeRequest({ number: value });
    expect(write).toThrow(`field 3: ${value} where a whole number from 0 to 2^53 - 1 is needed`);
  }
  expect(() => encodeSubscribeRequest({ credit: { messages: 2 ** 32, bytes: 0 } })).toThrow("2^32 - 1");
});
