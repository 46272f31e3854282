/** A process that posts messages with autocannon: told what by the process that started it. */
import autocannon from "autocannon";
import { encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { microsHistogram } from "../../percentiles.ts";
import { answerParent } from "../../process/program-channel.ts";
import { writeBodyNumber } from "../body-number.ts";
import type { AutocannonPlan, AutocannonReport } from "./autocannon-plan.ts";

/** The status of a message that is stored. */
const CREATED = 201;

/** How often autocannon looks whether the time is over; by itself, once a second. */
const LOOK_MS = 50;
/** It must be over two looks before a second is, or the next second's share is begun. */
const EARLY_SECONDS = (2 * LOOK_MS) / 1_000;

/** How far one connection has come. It answers in the order in which it was asked, pipelined or not. */
interface Connection {
  worker: number | undefined;
  sent: number;
  stored: number;
}

/** A request as autocannon hands it on: with what was given beside the fields it knows, one copy for each connection. */
type OwnRequest = autocannon.Request & { readonly connection: Connection };

let reporting: Promise<AutocannonReport> | undefined;

answerParent({
  /** Begins, and does not wait for the end. */
  start(plan: AutocannonPlan) {
    reporting = run(plan);
  },
  report: () => reporting,
});
process.once("SIGTERM", () => process.exit(0));

async function run(plan: AutocannonPlan): Promise<AutocannonReport> {
  const { http, receiver, bodyBytes, connections, pipelining, rate, firstWorker, seconds } = plan;
  const begun: Connection[] = [];
  const latency = microsHistogram();
  const request: OwnRequest = {
    connection: { worker: undefined, sent: 0, stored: 0 },
    setupRequest(due) {
      const { connection } = due as OwnRequest;
      connection.worker ??= firstWorker + begun.push(connection) - 1;
      const body = Buffer.alloc(bodyBytes, "x");
      writeBodyNumber(body, { worker: connection.worker, sequence: connection.sent++ });
      return { ...due, body };
    },
    onResponse(this: OwnRequest, status) {
      if (status === CREATED) this.connection.stored++;
    },
  };
  const startedAt = performance.now();
  const { promise: ended, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const running = autocannon(
    {
      url: `${http}/v1/messages`,
      method: "POST",
      headers: {
        "Chappe-Sender": "autocannon",
        "Chappe-To": receiver,
        "Content-Type": "application/octet-stream",
      },
      connections,
      pipelining,
      ...(rate === "max" ? {} : { overallRate: rate }),
      duration: seconds - EARLY_SECONDS,
      sampleInt: LOOK_MS,
      requests: [request],
    },
    (error, result) => (error === null ? resolve(result) : reject(error)),
  );
  // Its own histogram is of whole milliseconds. A connection that waits longer than its requests are apart holds back
  // others, which would have waited too: they are recorded as well (coordinated omission).
  const apartMicros = rate === "max" ? 0 : Math.round((connections / rate) * 1_000_000);
  running.on("response", (_client, _status, _bytes, responseMs) =>
    latency.recordValueWithExpectedInterval(Math.round(responseMs * 1_000), apartMicros),
  );
  const { errors, timeouts, statusCodeStats = {} } = await ended;
  const refused = Object.keys(statusCodeStats).some((status) => Number(status) !== CREATED);
  return {
    stored: begun.map(({ stored }) => stored),
    seconds: (performance.now() - startedAt) / 1_000,
    failures:
      errors === 0 && !refused
        ? undefined
        : `${errors} requests failed, ${timeouts} of them timed out; statuses: ${JSON.stringify(statusCodeStats)}`,
    latency: encodeIntoCompressedBase64(latency),
  };
}
