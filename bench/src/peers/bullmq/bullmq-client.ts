/** BullMQ, as the programs under measurement use it. */
import { Queue, Worker } from "bullmq";
import type { SystemClient } from "../../end-to-end/system-client.ts";
import { bodyOfText, textOfBody } from "../text-body.ts";
import { BulkQueue } from "./bulk-queue.ts";
import { BULK_JOBS, WORKER_CONCURRENCY } from "./bullmq-settings.ts";

/** A job's data is JSON, so it carries text. */
interface JobData {
  readonly text: string;
}

const QUEUE = "messages";

export const client: SystemClient = {
  async openSender([address = ""]) {
    const queue = new Queue<JobData>(QUEUE, { connection: connectionOf(address) });
    await queue.waitUntilReady();
    const bulks = new BulkQueue<string>(BULK_JOBS, (texts) =>
      queue.addBulk(texts.map((text) => ({ name: "message", data: { text } }))),
    );
    return { send: (_, body) => bulks.send(textOfBody(body)), close: () => queue.close() };
  },
  async openReceiver([address = ""], { onBody }) {
    const worker = new Worker<JobData>(QUEUE, async ({ data }) => onBody(0, bodyOfText(data.text)), {
      connection: connectionOf(address),
      concurrency: WORKER_CONCURRENCY,
      removeOnComplete: { count: 0 },
    });
    await worker.waitUntilReady();
    return { close: () => worker.close() };
  },
};

function connectionOf(address: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(address);
  return { host: hostname, port: Number(port) };
}
