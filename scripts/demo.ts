/**
 * Shows messages on their way: a router, three receivers and four runs of the sender, each a program of its own, over
 * gRPC and Redis. Holds everything that arrives to what was sent, byte for byte, and ends with 0 when all is well.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import type { ProgramUnderTest } from "@chappe/testing";
import { DemoPrograms } from "./demo/demo-programs.ts";
import { type DemoStore, demoStore } from "./demo/demo-redis.ts";
import { type DemoMessage, demoMessages, demoReceivers } from "./demo/demo-story.ts";
import { digest, verifyArrival } from "./demo/verify-arrival.ts";

const dim = (text: string) => styleText("dim", text);
const good = (text: string) => styleText("green", text);
const tell = (text: string) => console.log(text);

const inbox = mkdtempSync(join(tmpdir(), "chappe-demo-"));
const programs = new DemoPrograms();
try {
  await using store = await demoStore();
  await using _ended = programs;
  const startedAt = performance.now();
  const deliveries = await showMessages(store);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  tell(`\n${good(`All ${deliveries} deliveries arrived, byte for byte.`)} ${dim(`${seconds} s`)}`);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n${programs.log()}`);
  process.exitCode = 1;
} finally {
  rmSync(inbox, { recursive: true, force: true });
}

/** Starts the programs, sends the messages, and resolves with how many deliveries arrived. */
async function showMessages(store: DemoStore): Promise<number> {
  tell(`${dim("Redis     ")} ${store.description}`);
  tell(`${dim("router    ")} ${await programs.startRouter(store.env)}`);
  const receivers = new Map<string, ProgramUnderTest>();
  await Promise.all(
    demoReceivers(inbox).map(async ({ name, args }) => receivers.set(name, await programs.startReceiver(name, args))),
  );
  tell(`${dim("receivers ")} receiver-01; billing and shipping, two subscriptions of the topic orders\n`);

  const messages = demoMessages();
  const ids = await Promise.all(messages.map(({ args }) => programs.send(args)));
  let deliveries = 0;
  for (const [index, message] of messages.entries()) {
    await Promise.all(message.receivers.map((name) => verifyArrival(receivers.get(name)!, ids[index]!, message)));
    deliveries += message.receivers.length;
    tellArrival(message);
  }
  await programs.stop();
  return deliveries;
}

function tellArrival({ title, destination, receivers, contentType, body }: DemoMessage): void {
  tell(`sender-01 ${dim("→")} ${destination}   ${title}`);
  const sha256 = digest(body).slice(0, 12);
  for (const receiver of receivers) {
    tell(`   ${good("✓")} ${receiver} ${dim(`has it: ${contentType}, ${body.length} bytes, SHA-256 ${sha256}…`)}`);
  }
}
