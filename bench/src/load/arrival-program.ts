/** A process that receives what a tool sends, and holds it to what the tool was told. Asked by who started it. */
import { type Chappe, connect } from "@chappe/client";
import { monotonicClock } from "../end-to-end/monotonic-clock.ts";
import type { Progress } from "../end-to-end/progress.ts";
import { answerParent } from "../process/program-channel.ts";
import type { ArrivalPlan } from "./arrival-plan.ts";
import { LoadArrivals } from "./load-arrivals.ts";

const now = monotonicClock();
let client: Chappe | undefined;
let bodyBytes = 0;
let arrivals = new LoadArrivals(bodyBytes);

function progress(): Progress {
  return { count: arrivals.count, atMicros: now() };
}

answerParent({
  async start(plan: ArrivalPlan) {
    client = connect({ routers: [plan.router], name: "load-receiver" });
    bodyBytes = plan.bodyBytes;
    arrivals = new LoadArrivals(bodyBytes);
    await client.receive(plan.receiver, (message) => arrivals.note(message.body));
  },
  progress,
  /** What comes from now on is another run, whose numbers begin anew. */
  mark() {
    arrivals = new LoadArrivals(bodyBytes);
    return progress();
  },
  freeze: progress,
  verdict: (stored: readonly number[]) => arrivals.verdict(stored),
  close: () => client?.close(),
});
process.once("SIGTERM", () => process.exit(0));
