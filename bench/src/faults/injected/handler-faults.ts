import { setTimeout as delay } from "node:timers/promises";
import { DEFAULT_RETRY_POLICY } from "@chappe/message";
import { historyNowMs, type Poison } from "../history/history-event.ts";
import { comesTrue } from "../stage/comes-true.ts";
import { SITES } from "../stage/redis-site.ts";
import { ADDRESSES, readingsOf, RECEIVERS, sendersTo } from "../stage/stage.ts";
import { between, counted, type Effect, type Fault, type Injection, pick } from "./fault.ts";

/** All attempts are over within this: backoff, handlers that hang, and programs that are started again. */
const GIVEN_UP_WITHIN_MS = 60_000;
/** What the last attempt takes: a handler that hangs is given up after a second. The next fault shall not hit it. */
const LAST_ATTEMPT_MS = 1_500;

function poisonFault(poison: Poison, what: string): Fault {
  return {
    name: `poison-that-${poison}s`,
    what,
    sites: SITES,
    async inject({ stage, random, progress }) {
      const fromMs = historyNowMs();
      const address = pick(ADDRESSES, random);
      pick(sendersTo(stage, address), random).order({ kind: "poison", poison, address });
      const least = readingsOf(address).length * DEFAULT_RETRY_POLICY.maxAttempts;
      const attempts = () => attemptsAt(progress, poison, fromMs);
      await comesTrue(async () => attempts() >= least, GIVEN_UP_WITHIN_MS);
      await delay(LAST_ATTEMPT_MS);
      const times = attempts();
      return times < least ? undefined : counted(times, "times it was handed out");
    },
  };
}

/** How often the poison that was sent since then has been handed out. */
function attemptsAt(progress: Injection["progress"], poison: Poison, fromMs: number): number {
  progress.look();
  const sent = progress.events.findLast((event) => event.kind === "sent" && event.poison === poison);
  if (sent?.kind !== "sent" || sent.atMs < fromMs) return 0;
  return progress.events.filter(
    (event) =>
      event.kind === "delivered" &&
      event.sender === sent.sender &&
      event.address === sent.address &&
      event.sequence === sent.sequence,
  ).length;
}

const SLOW_MS = 100;
const ANSWER_MS = 5_000;

/** Each of its subscriptions does one message after the other, so it cannot have handled more than there was time for. */
async function slowReceiver({ stage, random, progress }: Injection): Promise<Effect> {
  const receiver = pick(stage.receivers, random);
  await receiver.ask({ kind: "slow", perMessageMs: SLOW_MS }, ANSWER_MS);
  const fromMs = historyNowMs();
  await delay(between(3_000, 6_000, random));
  const toMs = historyNowMs();
  await receiver.ask({ kind: "slow", perMessageMs: 0 }, ANSWER_MS);
  progress.look();
  const handled = progress.events.filter(
    (event) =>
      event.kind === "settled" &&
      event.counted === undefined &&
      event.consumer.startsWith(`${receiver.name}.`) &&
      event.atMs >= fromMs + SLOW_MS &&
      event.atMs < toMs,
  ).length;
  const readings = RECEIVERS[stage.receivers.indexOf(receiver)] ?? [];
  const most = ((toMs - fromMs) / SLOW_MS) * readings.length;
  return handled > most
    ? undefined
    : counted(handled, `messages handled by ${receiver.name}, ${Math.round(most)} at most`);
}

/** Handlers that cannot handle a message, or take their time. */
export const handlerFaults: readonly Fault[] = [
  poisonFault("throw", "a message whose handler throws, at every attempt"),
  poisonFault("hang", "a message whose handler hangs, at every attempt, until it is given up"),
  poisonFault("kill", "a message that kills the program that handles it, at every attempt"),
  {
    name: "slow-receiver",
    what: "a receiver takes 100 ms for each message, one after the other, for 3 to 6 s",
    sites: SITES,
    inject: slowReceiver,
  },
];
