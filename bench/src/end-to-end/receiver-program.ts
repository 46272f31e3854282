/** A process that receives, and holds what it gets to what was sent. Told what by the process that started it. */
import { type Chappe, connect, type ReceivedMessage } from "@chappe/client";
import { encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { answerParent } from "../process/program-channel.ts";
import { Arrivals } from "./arrivals.ts";
import type { Destination } from "./destinations.ts";
import { monotonicClock } from "./monotonic-clock.ts";
import type { Progress } from "./progress.ts";
import type { ReceiverPlan, ReceiverReport } from "./receiver-plan.ts";

/** Consumers that are let in at a time: thousands of connections at once would wait for each other's retries. */
const OPENING = 100;

const now = monotonicClock();
const clients: Chappe[] = [];
let arrivals: Arrivals | undefined;
let latency = "";

function progress(): Progress {
  return { count: arrivals?.count ?? 0, atMicros: now() };
}

answerParent({
  async start({ routers, program, destinations, readings, bodyBytes, connections }: ReceiverPlan) {
    const arrived = new Arrivals(readings, bodyBytes, now);
    arrivals = arrived;
    const newClient = () => {
      const client = connect({ routers, name: `receiver-program-${program}.${clients.length}` });
      clients.push(client);
      return client;
    };
    const shared = connections === "per-program" ? newClient() : undefined;
    const waiting = readings.entries();
    const openInTurn = async () => {
      for (const [index, { destination, subscription }] of waiting) {
        const client = shared ?? newClient();
        const source = destinations[destination] as Destination;
        const handle = (message: ReceivedMessage) => arrived.note(index, message.body);
        if (source.kind === "receiver") await client.receive(source.id, handle);
        else await client.subscribe(source.topic, { subscription }, handle);
      }
    };
    await Promise.all(Array.from({ length: OPENING }, openInTurn));
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
  close: () => Promise.all(clients.map((client) => client.close())),
});
process.once("SIGTERM", () => process.exit(0));
