import { setTimeout as delay } from "node:timers/promises";
import { ChappeError, connect, type ReceivedMessage } from "@chappe/client";
import { POISON_KILLS_BY } from "../checker/check-ends.ts";
import { historyNowMs, type MessageKey } from "../history/history-event.ts";
import { HistoryWriter } from "../history/history-writer.ts";
import { type BodyContent, type Obeyed, type Order, type Reading, type ReceiverPlan } from "./program-plan.ts";
import { tellStatus } from "./tell-status.ts";
import { watchStandstills } from "./watch-standstills.ts";

/** A handler that hangs is given up after this, milliseconds. */
const HANDLER_TIMEOUT_MS = 1_000;
/** Gathered messages are settled when none has come for so long, milliseconds. */
const GATHERED_MS = 20;
/** Handlers that are waited for by a program that stops; poison that hangs ends before. */
const CLOSE_MS = 5_000;

/** Reads its subscriptions and writes down what it gets; until SIGTERM, which lets it end in good order. */
const plan = JSON.parse(process.argv[2] ?? "") as ReceiverPlan;
const history = new HistoryWriter(plan.historyFile);
const chappe = connect({ routers: plan.routers, name: plan.name, onStatus: tellStatus(plan.name, history) });
let perMessageMs = 0;
watchStandstills(plan.name, history);

process.on("message", (order: Order) => {
  if (order.kind !== "slow") return;
  perMessageMs = order.perMessageMs;
  const obeyed: Obeyed = { kind: "obeyed", sawMs: perMessageMs };
  process.send?.(obeyed);
});
process.channel?.unref();
process.once("SIGTERM", () => void chappe.close({ deadlineMs: CLOSE_MS }));
await Promise.all(plan.readings.map((reading) => (reading.mode === "handle" ? handle(reading) : gather(reading))));

async function handle(reading: Reading): Promise<void> {
  const { address, subscription, credit } = reading;
  const options = { credit: { messages: credit }, handlerTimeoutMs: HANDLER_TIMEOUT_MS };
  const handler = async (message: ReceivedMessage) => {
    noteDelivered(message, reading, 1);
    await work(message);
    noteSettled(message, reading, "ack");
  };
  await (address.startsWith("topic:")
    ? chappe.subscribe(nameOf(address), { ...options, subscription, startFrom: "earliest" }, handler)
    : chappe.receive(nameOf(address), options, handler));
}

/** Takes what it can get before it settles any of it: so it sees how much its credit allows. */
async function gather(reading: Reading): Promise<void> {
  const { address, subscription, credit } = reading;
  const options = { credit: { messages: credit } };
  const messages = address.startsWith("topic:")
    ? chappe.subscription(nameOf(address), { ...options, subscription, startFrom: "earliest" })
    : chappe.receiver(nameOf(address), options);
  const gathered = new Set<ReceivedMessage>();
  let settling: NodeJS.Timeout | undefined;
  for await (const message of messages) {
    // What was taken from it, or broke with its connection, is no longer held.
    for (const each of gathered) if (!each.isOpen) gathered.delete(each);
    gathered.add(message);
    noteDelivered(message, reading, gathered.size);
    settling ??= setTimeout(() => {
      void settleAll(gathered, reading).then(() => (settling = undefined));
    }, GATHERED_MS);
  }
}

/** While each takes its time, others come, and are held until it is their turn. */
async function settleAll(gathered: Set<ReceivedMessage>, reading: Reading): Promise<void> {
  for (const each of gathered) {
    if (perMessageMs > 0) await delay(perMessageMs);
    if (gathered.delete(each)) void settle(each, reading);
  }
}

async function settle(message: ReceivedMessage, reading: Reading): Promise<void> {
  try {
    await work(message, 0);
  } catch (error) {
    await tell(message, reading, "fail", () => message.fail({ reason: String(error) }));
    return;
  }
  await tell(message, reading, "ack", () => message.ack());
}

/** Written down before it is told, because this program may be killed before it has the answer. */
async function tell(
  message: ReceivedMessage,
  reading: Reading,
  outcome: "ack" | "fail",
  telling: () => Promise<void>,
): Promise<void> {
  noteSettled(message, reading, outcome);
  try {
    await telling();
    noteSettled(message, reading, outcome, true);
  } catch (error) {
    // Any other error leaves open whether it counted.
    if (ChappeError.from(error).code === "FAILED_PRECONDITION") noteSettled(message, reading, outcome, false);
  }
}

/** Does to this program what the message is there to do. */
async function work(message: ReceivedMessage, takesMs = perMessageMs): Promise<void> {
  const { poison } = contentOf(message);
  if (poison === "throw") throw new Error("poison");
  if (poison === "kill") process.kill(process.pid, POISON_KILLS_BY);
  if (poison === "hang") await hang();
  if (takesMs > 0) await delay(takesMs);
}

/** Longer than a handler may take; who gathers is its own handler, and gives up like one. */
async function hang(): Promise<void> {
  await delay(HANDLER_TIMEOUT_MS * 2);
  throw new Error("poison that hung");
}

function noteDelivered(message: ReceivedMessage, { subscription, credit }: Reading, held: number): void {
  const { id, attempt, redelivered } = message;
  const consumer = plan.name;
  const key = keyOf(message);
  const atMs = historyNowMs();
  history.write({ kind: "delivered", atMs, ...key, subscription, consumer, id, attempt, redelivered, held, credit });
}

function noteSettled(
  message: ReceivedMessage,
  { subscription }: Reading,
  outcome: "ack" | "fail",
  counted?: boolean,
): void {
  const asked = counted === undefined ? {} : { counted };
  const atMs = historyNowMs();
  history.write({ kind: "settled", atMs, ...keyOf(message), subscription, consumer: plan.name, outcome, ...asked });
}

function keyOf(message: ReceivedMessage): MessageKey {
  const { sender, sequence } = contentOf(message);
  return { sender, address: message.address, sequence };
}

function contentOf(message: ReceivedMessage): BodyContent {
  return JSON.parse(message.text()) as BodyContent;
}

function nameOf(address: string): string {
  return address.slice(address.indexOf(":") + 1);
}
