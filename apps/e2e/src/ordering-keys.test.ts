import { setTimeout as delay } from "node:timers/promises";
import { type Chappe, connect, type ReceivedMessage } from "@chappe/client";
import { waitFor } from "@chappe/testing";
import { expect, test } from "vitest";
import { type RouterUnderTest, startChappe } from "./chappe-stack.ts";

const KEYS = 12;
const PER_KEY = 40;

/** Handles messages of many keys, each now and then only at the second attempt, and notes what overtook what. */
class Handled {
  readonly overtakers: string[] = [];
  readonly consumers = new Map<string, Set<string>>();
  /** How many messages of each key have been handled at least once, without a gap. */
  readonly #done = new Map<string, number>();

  get count(): number {
    return [...this.#done.values()].reduce((sum, done) => sum + done, 0);
  }

  async handle(consumer: string, message: ReceivedMessage): Promise<void> {
    const { key, number } = message.json<{ key: string; number: number }>();
    if (number > this.#doneOf(key)) this.overtakers.push(`${key} ${number} after ${this.#doneOf(key)}`);
    await delay(Math.random() * 4);
    if (number % 7 === 3 && message.attempt === 1) {
      await message.fail({ delayMs: 10, reason: "the first attempt" });
      return;
    }
    if (number === this.#doneOf(key)) this.#done.set(key, number + 1);
    let consumers = this.consumers.get(key);
    if (consumers === undefined) this.consumers.set(key, (consumers = new Set()));
    consumers.add(consumer);
  }

  #doneOf(key: string): number {
    return this.#done.get(key) ?? 0;
  }
}

async function sendAll(senders: readonly Chappe[]): Promise<void> {
  const sends: Promise<unknown>[] = [];
  for (let number = 0; number < PER_KEY; number++) {
    for (let key = 0; key < KEYS; key++) {
      const body = { key: `key ${key}`, number };
      const sender = senders[key % senders.length]!.sender(`sender-${key % senders.length}`);
      sends.push(sender.send({ to: "receiver-01", body, orderingKey: body.key }));
    }
    // Several batches of each key, so that there is something to hand over.
    await delay(2);
  }
  await Promise.all(sends);
}

/**
 * Lets two senders and four receivers work.
 *
 * @param reach the routers that the client with this number may use
 */
async function run(
  reach: (client: number) => readonly RouterUnderTest[],
  during: (handled: Handled) => Promise<void> = async () => {},
): Promise<Handled> {
  const handled = new Handled();
  const client = (number: number) => connect({ routers: reach(number).map(({ address }) => address) });
  const receivers = [0, 1, 2, 3].map(client);
  const senders = [0, 1].map(client);
  try {
    const handle = (number: number) => (message: ReceivedMessage) => handled.handle(`${number}`, message);
    await Promise.all(
      receivers.map((receiver, number) => receiver.receive("receiver-01", { concurrency: 8 }, handle(number))),
    );
    const sent = sendAll(senders);
    await during(handled);
    await sent;
    await waitFor(() => handled.count === KEYS * PER_KEY, { deadlineMs: 40_000, describe: "all are handled" });
    expect(handled.overtakers).toEqual([]);
    return handled;
  } finally {
    await Promise.all([...senders, ...receivers].map((each) => each.close({ deadlineMs: 1_000 })));
  }
}

test("ordering keys keep their order over two routers and four receivers with failing handlers", async () => {
  await using chappe = await startChappe();
  const routers = [chappe.router, await chappe.anotherRouter()];
  const { consumers } = await run((client) => [routers[client % 2]!]);
  expect(new Set([...consumers.values()].flatMap((some) => [...some])).size).toBeGreaterThan(2);
}, 60_000);

test("ordering keys keep their order when a router is killed in the middle", async () => {
  await using chappe = await startChappe();
  const routers = [chappe.router, await chappe.anotherRouter()];
  await run(
    () => routers,
    async (handled) => {
      await waitFor(() => handled.count > 20, { deadlineMs: 15_000, describe: "some are handled" });
      await chappe.router.kill();
    },
  );
}, 60_000);
