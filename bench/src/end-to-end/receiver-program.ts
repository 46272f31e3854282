/** A process that receives, and holds what it gets to what was sent. Told what by the process that started it. */
import { type Chappe, connect, type ReceivedMessage } from "@chappe/client";
import { encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { answerParent } from "../process/program-channel.ts";
import { Arrivals } from "./arrivals.ts";
import type { Destination } from "./destinations.ts";
import { monotonicClock } from "./monotonic-clock.ts";
import type { ReceiverPlan, ReceiverProgress, ReceiverReport } from "./receiver-plan.ts";

const now = monotonicClock();
let client: Chappe | undefined;
let arrivals: Arrivals | undefined;
let latency = "";

function progress(): ReceiverProgress {
  return { count: arrivals?.count ?? 0, atMicros: now() };
}

answerParent({
  async start({ router, program, destinations, readings, bodyBytes }: ReceiverPlan) {
    const chappe = connect({ routers: [router], name: `receiver-program-${program}` });
    const arrived = new Arrivals(readings, bodyBytes, now);
    client = chappe;
    arrivals = arrived;
    await Promise.all(
      readings.map(({ destination, subscription }, index) => {
        const source = destinations[destination] as Destination;
        const handle = (message: ReceivedMessage) => arrived.note(index, message.body);
        return source.kind === "receiver"
          ? chappe.receive(source.id, handle)
          : chappe.subscribe(source.topic, { subscription }, handle);
      }),
    );
  },
  progress,
  /** What was measured so far was the warm-up. */
  mark() {
    arrivals?.latency.reset();
    return progress();
  },
  /** The end of the measured time; what comes later is checked, not measured. */
  freeze() {
    const frozen = progress();
    if (arrivals !== undefined) latency = encodeIntoCompressedBase64(arrivals.latency);
    return frozen;
  },
  report(sent: readonly (readonly number[])[]): ReceiverReport | undefined {
    return arrivals && { verdict: arrivals.verdict(sent), latency };
  },
  close: () => client?.close(),
});
process.once("SIGTERM", () => process.exit(0));
