/** Batches on the bidirectional stream `Publish`, some of them in flight at a time: what batching makes of the same load. */
import { check } from "k6";
import { randomBytes } from "k6/crypto";
import { b64encode } from "k6/encoding";
import exec from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import { Stream } from "k6/net/grpc";
import { binaryBody } from "./message.js";
import { encodeRecords, newFirstId } from "./record-batch.js";
import { routerConnection } from "./router-connection.js";
import { settings, thresholdsOn } from "./settings.js";

/** Batches that one stream carries before it is closed, and a new one opened. */
const BATCHES_PER_STREAM = 100;
/** Batches sent before the first of them is answered. */
const IN_FLIGHT = 4;
/** The router takes at most 64 KiB of records, unless there is just one. */
const MAX_BATCH_BYTES = 60 * 1_024;
const MESSAGES_PER_BATCH = Math.max(1, Math.min(20, Math.floor(MAX_BATCH_BYTES / (settings.bodyBytes + 16))));

const stored = new Counter("messages_stored");
/** From the writing of a batch until its answer; k6's clock counts whole milliseconds. */
const duration = new Trend("publish_duration", true);

export const options = {
  scenarios: {
    stream: { executor: "constant-vus", vus: settings.users, duration: `${settings.seconds}s`, exec: "publish" },
  },
  thresholds: thresholdsOn("publish_duration"),
};

/** One stream. */
export function publish() {
  const firstMessage = exec.scenario.iterationInTest * BATCHES_PER_STREAM * MESSAGES_PER_BATCH;
  const producerId = b64encode(randomBytes(16));
  const writtenAt = new Map();
  const stream = new Stream(routerConnection(), "chappe.v1.MessageService/Publish");
  let written = 0;
  let answered = 0;

  const write = () => {
    const now = Date.now();
    const from = firstMessage + written * MESSAGES_PER_BATCH;
    const bodies = Array.from({ length: MESSAGES_PER_BATCH }, (_, index) => binaryBody(from + index));
    written++;
    writtenAt.set(written, now);
    const header = {
      sender: "k6",
      address: `receiver:${settings.receiver}`,
      producerId,
      sequence: written,
      count: MESSAGES_PER_BATCH,
      firstId: newFirstId(now),
      firstTimeUnixMs: now,
    };
    stream.write({ number: written, batches: [{ header, records: encodeRecords(bodies) }] });
  };

  stream.on("data", ({ results }) => {
    for (const { number, error } of results) {
      answered++;
      duration.add(Date.now() - writtenAt.get(Number(number)));
      if (check(error, { "the batch is stored": (refusal) => !refusal })) stored.add(MESSAGES_PER_BATCH);
      else console.error(error.message);
      if (written < BATCHES_PER_STREAM) write();
      if (answered === BATCHES_PER_STREAM) stream.end();
    }
  });
  stream.on("error", ({ message }) => {
    check(message, { "the stream holds": () => false });
    console.error(message);
  });
  while (written < IN_FLIGHT) write();
}
