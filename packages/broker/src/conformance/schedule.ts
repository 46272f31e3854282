import { setImmediate as nextTurn } from "node:timers/promises";
import type { Batch } from "@chappe/message";
import type { OutcomeKind, RefusedOutcome } from "../broker.ts";
import type { SubscriptionName } from "../store.ts";
import { Ledger } from "./ledger.ts";
import { Producer } from "./producer.ts";
import { choose, pick } from "./random.ts";
import { PLENTY, type Reader } from "./reader.ts";
import type { Stage, StagedBroker, StoreWrapper } from "./stage.ts";

/** How to {@link runSchedule}. */
export interface ScheduleOptions {
  readonly random: () => number;
  readonly steps: number;
  /** Subscriptions of one address. */
  readonly names: readonly SubscriptionName[];
  readonly wrap?: StoreWrapper;
  /** How many ordering keys each sender uses. Without them, texts are a sender's name and number; with, a {@link KeyWatch}'s. */
  readonly keys?: number;
}

/** What happened in a schedule. */
export interface ScheduleRecord {
  /** Bodies whose publish resolved. */
  readonly published: readonly string[];
  /** One for each subscription. */
  readonly ledgers: readonly Ledger[];
  /** Outcomes refused to consumers whose broker was alive. */
  readonly refused: readonly RefusedOutcome[];
}

interface Place {
  readonly staged: StagedBroker;
  readonly consumers: { readonly reader: Reader; readonly ledger: Ledger }[];
}

interface Sender {
  readonly producer: Producer;
  /** Published, and not known to be stored: to be sent again. */
  batch: Batch | undefined;
  texts: string[];
  underWay: boolean;
  /** Messages so far, by ordering key. */
  readonly sent: Map<string, number>;
}

const STEPS = {
  publish: 35,
  settle: 35,
  grant: 10,
  join: 8,
  wait: 10,
  leave: 3,
  crash: 3,
  start: 3,
  kill: 2,
  stop: 1,
};

const OUTCOMES = { ack: 75, release: 10, fail: 12, reject: 3 } satisfies Record<OutcomeKind, number>;

/**
 * Lets senders, consumers and brokers do at random what they do in life: publish, settle, crash, die, come back. Then a
 * last consumer for each subscription acks what is left, until no more comes.
 */
export async function runSchedule(stage: Stage, options: ScheduleOptions): Promise<ScheduleRecord> {
  const play = new Play(stage, options);
  for (let step = 0; step < options.steps; step++) await play.step();
  await play.finish();
  return play;
}

class Play implements ScheduleRecord {
  readonly published: string[] = [];
  readonly ledgers: Ledger[];
  readonly refused: RefusedOutcome[] = [];
  readonly #stage: Stage;
  readonly #options: ScheduleOptions;
  readonly #random: () => number;
  readonly #places: Place[] = [];
  readonly #senders: Sender[];

  constructor(stage: Stage, options: ScheduleOptions) {
    this.#stage = stage;
    this.#options = options;
    this.#random = options.random;
    this.ledgers = options.names.map(() => new Ledger());
    const address = options.names[0]!.address;
    this.#senders = ["ada", "bob"].map((sender) => {
      return { producer: new Producer(address, sender), batch: undefined, texts: [], underWay: false, sent: new Map() };
    });
  }

  async step(): Promise<void> {
    if (this.#places.length === 0) await this.#start();
    const place = pick(this.#random, this.#places)!;
    const consumer = pick(this.#random, place.consumers);
    // Whatever was handed out in this turn is in its reader's hands in the next.
    await nextTurn();
    switch (choose(this.#random, STEPS)) {
      case "publish":
        this.#publish(place, pick(this.#random, this.#senders)!);
        break;
      case "settle":
        if (consumer !== undefined) this.#settle(consumer);
        break;
      case "grant":
        consumer?.reader.grant({ messages: Math.ceil(this.#random() * 20) });
        break;
      case "join":
        if (place.consumers.length < 3) await this.#join(place);
        break;
      case "wait":
        await this.#stage.advance(Math.ceil(this.#random() * 60));
        break;
      case "leave":
        if (consumer !== undefined) await this.#leave(place, consumer);
        break;
      case "crash":
        if (consumer !== undefined) this.#crash(place, consumer);
        break;
      case "start":
        if (this.#places.length < 3) await this.#start();
        break;
      case "kill":
        await this.#kill(place);
        break;
      case "stop":
        await this.#stop(place);
        break;
    }
  }

  /** Publishes what is not stored yet, ends every broker, and lets a last one bring the rest to an end. */
  async finish(): Promise<void> {
    const last = await this.#start();
    for (const sender of this.#senders) {
      await this.#stage.until("everything is published", () => {
        if (sender.batch !== undefined) this.#publish(last, sender);
        return sender.batch === undefined && !sender.underWay;
      });
    }
    for (const place of this.#places.filter((other) => other !== last)) await this.#stop(place);
    for (const [index, name] of this.#options.names.entries()) {
      await this.#joinAs(last, name, this.ledgers[index]!, PLENTY);
    }
    let quietMs = 0;
    await this.#stage.until("no more comes", async () => {
      const before = this.ledgers.map(({ handOvers }) => handOvers.length);
      const inHand = last.consumers.some(({ reader }) => reader.open.length > 0);
      const sinceMs = this.#stage.clock.now();
      await this.#stage.calm();
      for (const { reader, ledger } of last.consumers) this.#end({ reader, ledger }, reader.open, "ack");
      // What is settled now may let go of what waits behind it.
      const quiet = !inHand && this.ledgers.every(({ handOvers }, index) => handOvers.length === before[index]);
      quietMs = quiet ? quietMs + this.#stage.clock.now() - sinceMs : 0;
      // Longer than any retry of the stage's policy waits, and longer than progress does.
      return quietMs > 1_500;
    });
    await this.#stage.closeBrokers();
  }

  #publish({ staged }: Place, sender: Sender): void {
    if (sender.underWay) return;
    if (sender.batch === undefined) {
      const count = Math.ceil(this.#random() ** 3 * 30);
      const { keys = 0 } = this.#options;
      const name = sender.producer.sender;
      const key = keys === 0 ? "" : `${name}-${Math.floor(this.#random() * keys)}`;
      const sent = sender.sent.get(key) ?? 0;
      sender.sent.set(key, sent + count);
      sender.texts = Array.from({ length: count }, (_, index) => `${key === "" ? name : `${key}/`}${sent + index + 1}`);
      sender.batch =
        key === "" ? sender.producer.batch(...sender.texts) : sender.producer.ordered(key, ...sender.texts);
    }
    sender.underWay = true;
    staged.broker.publish(sender.batch).then(
      () => {
        this.published.push(...sender.texts);
        sender.batch = undefined;
        sender.underWay = false;
      },
      () => {
        sender.underWay = false;
      },
    );
  }

  #settle(consumer: Place["consumers"][number]): void {
    const open = consumer.reader.open;
    const from = Math.floor(this.#random() ** 2 * open.length);
    const to = from + Math.ceil(this.#random() * (open.length - from));
    this.#end(consumer, open.slice(from, to), choose(this.#random, OUTCOMES));
  }

  #end({ reader, ledger }: Place["consumers"][number], messages: Reader["messages"], kind: OutcomeKind): void {
    if (messages.length === 0) return;
    ledger.end(messages, kind);
    const more = kind === "fail" ? { delayMs: Math.floor(this.#random() * 30) } : {};
    const refused = reader.settleMessages(kind, messages, more);
    // With ordering keys, what failed takes back what came after it: the rest of the same call is refused.
    const taken = this.#options.keys === undefined ? "open" : "release";
    for (const { outcome } of refused) {
      ledger.end(
        messages.filter(({ delivery, index }) => delivery === outcome.delivery && index === outcome.first),
        taken,
      );
    }
    this.refused.push(...refused);
  }

  async #join(place: Place): Promise<void> {
    const index = Math.floor(this.#random() * this.#options.names.length);
    const messages = Math.ceil(this.#random() ** 2 * 60);
    await this.#joinAs(place, this.#options.names[index]!, this.ledgers[index]!, { ...PLENTY, messages });
  }

  async #joinAs(place: Place, name: SubscriptionName, ledger: Ledger, credit: typeof PLENTY): Promise<void> {
    // A bad connection may refuse a subscription; the consumer tries again.
    const reader = await this.#stage.until("a consumer joins", async () =>
      this.#stage.reader(place.staged.broker, { ...name, startFrom: "earliest" }).catch(() => undefined),
    );
    reader.onMessage = (message) => ledger.note(message, this.#options.keys === undefined ? undefined : reader);
    reader.onRevoked = (messages) => {
      reader.forget(messages);
      ledger.end(messages, "release");
    };
    place.consumers.push({ reader: reader.grant(credit), ledger });
  }

  async #leave(place: Place, consumer: Place["consumers"][number]): Promise<void> {
    place.consumers.splice(place.consumers.indexOf(consumer), 1);
    consumer.ledger.end(consumer.reader.open, "release");
    await this.#stage.finish(consumer.reader.subscription.close());
  }

  #crash(place: Place, consumer: Place["consumers"][number]): void {
    place.consumers.splice(place.consumers.indexOf(consumer), 1);
    consumer.ledger.end(consumer.reader.open, "crash");
    consumer.reader.subscription.crash();
  }

  async #start(): Promise<Place> {
    const { wrap } = this.#options;
    const place = { staged: await this.#stage.broker(wrap === undefined ? {} : { wrap }), consumers: [] };
    this.#places.push(place);
    await this.#join(place);
    return place;
  }

  async #kill(place: Place): Promise<void> {
    this.#places.splice(this.#places.indexOf(place), 1);
    // Its process is gone: what its broker still does is seen by nobody.
    for (const { reader } of place.consumers) reader.onMessage = reader.onRevoked = undefined;
    await this.#stage.kill(place.staged.store);
  }

  async #stop(place: Place): Promise<void> {
    this.#places.splice(this.#places.indexOf(place), 1);
    for (const { reader, ledger } of place.consumers) ledger.end(reader.open, "release");
    await this.#stage.finish(place.staged.broker.close({ deadlineMs: 0 }));
  }
}
