/** A process that receives, and holds what it gets to what was sent. Told what by the process that started it. */
import { encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { answerParent } from "../process/program-channel.ts";
import { Arrivals } from "./arrivals.ts";
import { monotonicClock } from "./monotonic-clock.ts";
import type { Progress } from "./progress.ts";
import type { ReceiverPlan, ReceiverReport } from "./receiver-plan.ts";
import { loadSystemClient, type OpenReceiver } from "./system-client.ts";

const now = monotonicClock();
let receiver: OpenReceiver | undefined;
let arrivals: Arrivals | undefined;
let latency = "";

function progress(): Progress {
  return { count: arrivals?.count ?? 0, atMicros: now() };
}

answerParent({
  async start({ client, addresses, bodyBytes, ...plan }: ReceiverPlan) {
    const arrived = new Arrivals(plan.readings, bodyBytes, now);
    arrivals = arrived;
    const onBody = (reading: number, body: Uint8Array) => arrived.note(reading, body);
    const system = await loadSystemClient(client);
    receiver = await system.openReceiver(addresses, { ...plan, onBody });
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
  close: () => receiver?.close(),
});
process.once("SIGTERM", () => process.exit(0));
