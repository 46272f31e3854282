import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { microsHistogram, percentilesOf, recordMicros } from "../percentiles.ts";
import type { Destination } from "./destinations.ts";
import { monotonicClock } from "./monotonic-clock.ts";
import { OpenLoopPace } from "./pace.ts";
import type { Progress } from "./progress.ts";
import type { Bursts, SenderPlan, SenderReport } from "./sender-plan.ts";
import { writeStamp } from "./stamp.ts";
import type { OpenSender } from "./system-client.ts";

/** The shortest pause between looks at what is due, in microseconds. */
const SHORTEST_TICK_MICROS = 100;

/** Sends stamped messages to each destination in turn: by itself until told to stop, or in bursts when asked. */
export class LoadGenerator {
  readonly #plan: SenderPlan;
  readonly #sender: OpenSender;
  readonly #sent: number[];
  readonly #now = monotonicClock();
  readonly #lateness = microsHistogram();
  /** Bodies whose messages are answered: each is used by one message at a time. */
  readonly #bodies: Buffer[] = [];
  /** At `max`: messages that are still to be sent. */
  #left: number;
  #answered = 0;
  #turn = 0;
  #failures = 0;
  #failure: string | undefined;
  #stopped = false;
  #done: Promise<unknown> = Promise.resolve();

  constructor(plan: SenderPlan, sender: OpenSender) {
    this.#plan = plan;
    this.#sender = sender;
    this.#sent = plan.destinations.map(() => 0);
    this.#left = plan.messages ?? Number.POSITIVE_INFINITY;
  }

  start(): void {
    const { rate, concurrency } = this.#plan;
    if (rate === "when-asked") return;
    if (rate === "max") this.#done = Promise.all(Array.from({ length: concurrency }, () => this.#closedLoop()));
    else this.#done = this.#openLoop(rate);
  }

  /** How many messages are safe. */
  progress(): Progress {
    return { count: this.#answered, atMicros: this.#now() };
  }

  /** What was late so far does not count. */
  resetLateness(): void {
    this.#lateness.reset();
  }

  /**
   * Sends bursts, each in one turn of the event loop, and resolves when all is answered. A burst waits for the answers to
   * the one before it, so that how messages fall into batches does not depend on how fast the machine is.
   */
  async sendBursts({ bursts, messages, intervalMs }: Bursts): Promise<void> {
    for (let burst = 0; burst < bursts && !this.#stopped; burst++) {
      const pause = delay(intervalMs);
      await Promise.all(Array.from({ length: messages }, () => this.#sendFromPool(this.#now())));
      await pause;
    }
  }

  /** Sends nothing more, and resolves when all is answered. */
  async stop(): Promise<SenderReport> {
    this.#stopped = true;
    await this.#done;
    return {
      sent: this.#sent,
      failures: this.#failures,
      failure: this.#failure,
      lateness: percentilesOf(this.#lateness),
    };
  }

  /** One caller of many that waits for each of its messages before it sends the next. */
  async #closedLoop(): Promise<void> {
    const body = Buffer.alloc(this.#plan.bodyBytes, "x");
    while (!this.#stopped && this.#left > 0) {
      this.#left--;
      try {
        await this.#send(body, this.#now());
        this.#answered++;
      } catch (error) {
        this.#noteFailure(error);
      }
    }
  }

  async #openLoop(rate: number): Promise<void> {
    const ticker = new Worker(new URL("./ticker-thread.ts", import.meta.url), {
      workerData: { intervalMicros: Math.max(SHORTEST_TICK_MICROS, 1_000_000 / rate) },
    });
    const pace = new OpenLoopPace(this.#now(), rate);
    const waiting = new Set<Promise<void>>();
    const answered = Promise.withResolvers<void>();
    ticker.on("message", () => {
      if (this.#stopped) return answered.resolve();
      const now = this.#now();
      while (waiting.size < this.#plan.mostWaiting) {
        const due = pace.take(now);
        if (due === undefined) break;
        recordMicros(this.#lateness, now - due);
        const sending = this.#sendFromPool(due);
        waiting.add(sending);
        void sending.then(() => waiting.delete(sending));
      }
    });
    await answered.promise;
    await ticker.terminate();
    await Promise.all(waiting);
  }

  async #sendFromPool(intendedMicros: number): Promise<void> {
    const body = this.#bodies.pop() ?? Buffer.alloc(this.#plan.bodyBytes, "x");
    try {
      await this.#send(body, intendedMicros);
      this.#answered++;
    } catch (error) {
      this.#noteFailure(error);
    }
    this.#bodies.push(body);
  }

  #send(body: Buffer, intendedMicros: number): Promise<unknown> {
    const { destinations, sender } = this.#plan;
    const index = this.#turn;
    this.#turn = index + 1 === destinations.length ? 0 : index + 1;
    const destination = destinations[index] as Destination;
    const sequence = this.#sent[index] as number;
    this.#sent[index] = sequence + 1;
    writeStamp(body, sender, sequence, intendedMicros);
    return this.#sender.send(destination, body);
  }

  #noteFailure(error: unknown): void {
    this.#failures++;
    this.#failure ??= String(error);
    // Who cannot send would try again and again without a pause.
    this.#stopped = true;
  }
}
