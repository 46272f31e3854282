import { setInterval as every } from "node:timers/promises";
import { connect, type MessageInput } from "@chappe/client";
import { historyNowMs, type MessageKey, type Poison } from "../history/history-event.ts";
import { HistoryWriter } from "../history/history-writer.ts";
import type { BodyContent, Order, SenderPlan, Sending } from "./program-plan.ts";
import { tellStatus } from "./tell-status.ts";

const TICK_MS = 20;
/** Longer than any recovery may take, on a machine that needs 20 s to start a program too: a send that rejects is a violation. */
const SEND_TIMEOUT_MS = 60_000;

/** Sends steadily to each address, whatever becomes of what it sent; until SIGTERM, which lets what is under way end. */
const plan = JSON.parse(process.argv[2] ?? "") as SenderPlan;
const { durability, heals } = plan;
const history = new HistoryWriter(plan.historyFile);
const chappe = connect({
  routers: plan.routers,
  name: plan.name,
  sendTimeoutMs: SEND_TIMEOUT_MS,
  onStatus: tellStatus(plan.name, history),
  ...(heals ? {} : { healing: { maxAgeMs: 0, maxBytes: 0 } }),
});
const sender = chappe.sender(plan.name, { durability });
const sequences = new Map<string, number>();
/** What is sent a second time, when its time has come. */
const again = new Map<NodeJS.Timeout, () => void>();
const stopped = new AbortController();

process.on("message", (order: Order) => {
  if (order.kind !== "poison") return;
  const sending = plan.sendings.find(({ address }) => address === order.address);
  if (sending === undefined) throw new Error(`${plan.name} sends nothing to ${order.address}`);
  sendNext(sending, order.poison);
});
process.channel?.unref();
process.once("SIGTERM", () => stopped.abort());

const startedMs = historyNowMs();
/** Wall time of the clock of histories' zero. Taken once, so that no clock that jumps moves delivery times. */
const zeroMs = Date.now() - startedMs;
const ticked = new Map<string, number>();
try {
  for await (const _ of every(TICK_MS, undefined, { signal: stopped.signal })) {
    for (const sending of plan.sendings) {
      // What a pause left out is sent afterwards, at most a second's worth.
      const due = Math.floor(((historyNowMs() - startedMs) / 1_000) * sending.rate);
      const now = Math.min(due - (ticked.get(sending.address) ?? 0), sending.rate);
      ticked.set(sending.address, due);
      for (let each = 0; each < now; each++) sendNext(sending);
    }
  }
} catch (error) {
  if (!stopped.signal.aborted) throw error;
}
for (const [timer, sendAgain] of again) {
  clearTimeout(timer);
  sendAgain();
}
await chappe.close();

function sendNext(sending: Sending, poison?: Poison): void {
  const { address, orderingKeys, delayedUpToMs, againWithinMs } = sending;
  const sequence = (sequences.get(address) ?? 0) + 1;
  sequences.set(address, sequence);
  const atMs = historyNowMs();
  const orderingKey = orderingKeys === undefined ? undefined : `key-${sequence % orderingKeys}`;
  const deliverAt = delayedUpToMs === undefined ? undefined : Math.ceil(zeroMs + atMs + Math.random() * delayedUpToMs);
  const key: MessageKey = { sender: plan.name, address, sequence };
  const notBeforeMs = deliverAt === undefined ? undefined : deliverAt - zeroMs;
  history.write({ kind: "sent", atMs, ...key, poison, orderingKey, notBeforeMs, durability, heals });
  const content: BodyContent = { sender: plan.name, sequence, ...(poison && { poison }) };
  const message: MessageInput = {
    body: JSON.stringify(content),
    ...(orderingKey !== undefined && { orderingKey }),
    ...(deliverAt !== undefined && { deliverAt }),
    ...(againWithinMs !== undefined && { deduplicationId: `once-${sequence}` }),
  };
  send(key, message);
  if (againWithinMs === undefined) return;
  const sendAgain = () => send(key, message);
  const timer = setTimeout(() => {
    again.delete(timer);
    sendAgain();
  }, Math.random() * againWithinMs);
  again.set(timer, sendAgain);
}

function send(key: MessageKey, message: MessageInput): void {
  const name = key.address.slice(key.address.indexOf(":") + 1);
  const sending = key.address.startsWith("topic:")
    ? sender.publish({ ...message, topic: name })
    : sender.send({ ...message, to: name });
  sending.then(
    ({ id, duplicate, epoch, durability: reached }) =>
      history.write({ kind: "acked", atMs: historyNowMs(), ...key, id, duplicate, epoch, durability: reached }),
    (error) => history.write({ kind: "send-failed", atMs: historyNowMs(), ...key, error: String(error) }),
  );
}
