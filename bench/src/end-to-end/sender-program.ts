/** A process that sends: told what, when to start and when to stop by the process that started it. */
import { type Chappe, connect } from "@chappe/client";
import { answerParent } from "../process/program-channel.ts";
import { LoadGenerator } from "./load-generator.ts";
import type { SenderPlan } from "./sender-plan.ts";

let client: Chappe | undefined;
let generator: LoadGenerator | undefined;

answerParent({
  start(plan: SenderPlan) {
    client = connect({ routers: plan.routers, name: `sender-program-${plan.sender}` });
    generator = new LoadGenerator(plan, client);
    generator.start();
  },
  progress: () => generator?.progress(),
  mark: () => generator?.resetLateness(),
  stop: () => generator?.stop(),
  close: () => client?.close(),
});
process.once("SIGTERM", () => process.exit(0));
