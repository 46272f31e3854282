/** A process that sends: told what, when to start and when to stop by the process that started it. */
import { answerParent } from "../process/program-channel.ts";
import { LoadGenerator } from "./load-generator.ts";
import type { Bursts, SenderPlan } from "./sender-plan.ts";
import { loadSystemClient, type OpenSender } from "./system-client.ts";

let sender: OpenSender | undefined;
let generator: LoadGenerator | undefined;

answerParent({
  async start(plan: SenderPlan) {
    const client = await loadSystemClient(plan.client);
    sender = await client.openSender(plan.addresses, plan.sender);
    generator = new LoadGenerator(plan, sender);
    generator.start();
  },
  sendBursts: (bursts: Bursts) => generator?.sendBursts(bursts),
  progress: () => generator?.progress(),
  mark: () => generator?.resetLateness(),
  stop: () => generator?.stop(),
  close: () => sender?.close(),
});
process.once("SIGTERM", () => process.exit(0));
