import { setInterval as every } from "node:timers/promises";
import { connect } from "@chappe/client";
import { historyNowMs, type MessageKey, type Poison } from "../history/history-event.ts";
import { HistoryWriter } from "../history/history-writer.ts";
import type { BodyContent, Order, SenderPlan } from "./program-plan.ts";
import { tellStatus } from "./tell-status.ts";

const TICK_MS = 20;

/** Sends steadily to each address, whatever becomes of what it sent; until SIGTERM, which lets what is under way end. */
const plan = JSON.parse(process.argv[2] ?? "") as SenderPlan;
const history = new HistoryWriter(plan.historyFile);
const chappe = connect({ routers: plan.routers, name: plan.name, onStatus: tellStatus(plan.name, history) });
const sender = chappe.sender(plan.name);
const sequences = new Map(plan.addresses.map((address) => [address, 0]));
const stopped = new AbortController();

process.on("message", (order: Order) => {
  if (order.kind === "poison") send(order.address, order.poison);
});
process.channel?.unref();
process.once("SIGTERM", () => stopped.abort());

const startedMs = historyNowMs();
let ticked = 0;
try {
  for await (const _ of every(TICK_MS, undefined, { signal: stopped.signal })) {
    // What a pause left out is sent afterwards, at most a second's worth.
    const due = Math.floor(((historyNowMs() - startedMs) / 1_000) * plan.rate);
    const now = Math.min(due - ticked, plan.rate);
    ticked = due;
    for (const address of plan.addresses) for (let each = 0; each < now; each++) send(address);
  }
} catch (error) {
  if (!stopped.signal.aborted) throw error;
}
await chappe.close();

function send(address: string, poison?: Poison): void {
  const sequence = (sequences.get(address) ?? 0) + 1;
  sequences.set(address, sequence);
  const key: MessageKey = { sender: plan.name, address, sequence };
  const content: BodyContent = { sender: plan.name, sequence, ...(poison && { poison }) };
  const body = JSON.stringify(content);
  history.write({ kind: "sent", atMs: historyNowMs(), ...key, ...(poison && { poison }) });
  const name = address.slice(address.indexOf(":") + 1);
  const sending = address.startsWith("topic:")
    ? sender.publish({ topic: name, body })
    : sender.send({ to: name, body });
  sending.then(
    ({ id, duplicate, epoch }) => history.write({ kind: "acked", atMs: historyNowMs(), ...key, id, duplicate, epoch }),
    (error) => history.write({ kind: "send-failed", atMs: historyNowMs(), ...key, error: String(error) }),
  );
}
