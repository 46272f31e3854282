import { decodePublishRequest, encodePublishRequest, readMessages } from "@chappe/message";
import type { BenchCase } from "../bench-case.ts";
import { filledBatch } from "./filled-batch.ts";
import { runMicro } from "./run-micro.ts";

const BODY_BYTES = [16, 100, 1_024, 16_384, 65_536];

/** What it costs to write messages into a frame, and to read them out of one, per message. */
export function codecCases(): BenchCase[] {
  return BODY_BYTES.flatMap((bodyBytes): BenchCase[] => [
    {
      kind: "micro",
      name: `chappe/micro/encode/${bodyBytes}`,
      run: () => {
        const body = Buffer.alloc(bodyBytes, "x");
        const call = () =>
          encodePublishRequest({ number: 1, batches: [filledBatch(body)], durability: "accepted" }).length;
        const { count } = filledBatch(body).header;
        return runMicro({ name: `chappe/micro/encode/${bodyBytes}`, messages: count, call });
      },
    },
    {
      kind: "micro",
      name: `chappe/micro/decode/${bodyBytes}`,
      run: () => {
        const batch = filledBatch(Buffer.alloc(bodyBytes, "x"));
        const frame = encodePublishRequest({ number: 1, batches: [batch], durability: "accepted" });
        const call = () => bodyBytesIn(frame);
        return runMicro({ name: `chappe/micro/decode/${bodyBytes}`, messages: batch.header.count, call });
      },
    },
  ]);
}

/** Looks at every body, because decoding is lazy. */
function bodyBytesIn(frame: Uint8Array): number {
  let bytes = 0;
  for (const { header, records } of decodePublishRequest(frame).batches) {
    for (const message of readMessages({ header, records, first: 0, count: header.count }))
      bytes += message.body.length;
  }
  return bytes;
}
