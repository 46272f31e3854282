import { setTimeout as delay } from "node:timers/promises";
import { type CaseOptions, resolveCaseOptions } from "../case-options.ts";
import { type ChappePrograms, startChappeSystem } from "../end-to-end/chappe-system.ts";
import {
  collectArrivals,
  readMeters,
  startReceivers,
  startSenders,
  stopSenders,
  stopSystem,
} from "../end-to-end/drive-programs.ts";
import { requireUnharmed } from "../end-to-end/order-checker.ts";
import type { Bursts } from "../end-to-end/sender-plan.ts";
import { type Measured, measuredBetween, type Snapshot, snapshotTaker } from "../end-to-end/snapshot.ts";
import type { System } from "../end-to-end/system.ts";
import type { FixedWork } from "./fixed-works.ts";

/** Within this time all that was sent is handled and settled. */
const QUIET_MS = 250;

/** What a system does by the clock it does once a second: measured for whole seconds, it is the same number of times. */
const CLOCK_MS = 1_000;

/**
 * V8 lets the heap of a young process grow in steps, at moments that differ from run to run, and with them up to half of
 * what a message costs. So the processes begin with what they would grow into; the router's young generation is its own.
 */
const GROWN_OLD_SPACE = "--initial-old-space-size=256";
const flags = { routers: [GROWN_OLD_SPACE], ends: [GROWN_OLD_SPACE, "--min-semi-space-size=16"] };

/** A system, all its processes fresh, that does a fixed work piece by piece. */
export class WorkSession implements AsyncDisposable {
  readonly #work: FixedWork;
  readonly #options: CaseOptions;
  readonly #system: System;
  readonly #takeSnapshot: ReturnType<typeof snapshotTaker>;
  #before: Snapshot | undefined;
  #startedMs = 0;

  private constructor(work: FixedWork, options: CaseOptions, system: System) {
    this.#work = work;
    this.#options = options;
    this.#system = system;
    this.#takeSnapshot = snapshotTaker(system);
  }

  /** Starts the system. Nothing is sent yet. */
  static async start(work: FixedWork, programs: ChappePrograms): Promise<WorkSession> {
    const options = resolveCaseOptions(work.options, {});
    const system = await startChappeSystem(options, { ...programs, flags });
    try {
      await startReceivers(system, options);
      await startSenders(system, options, { whenAsked: true });
      return new WorkSession(work, options, system);
    } catch (error) {
      await system[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Sends for so long, and resolves when all is stored. */
  async send(seconds: number): Promise<void> {
    const { messages, intervalMs } = this.#work;
    const bursts: Bursts = { bursts: Math.max(1, Math.round((seconds * 1_000) / intervalMs)), messages, intervalMs };
    await Promise.all(this.#system.senders.map((sender) => sender.ask("sendBursts", bursts)));
  }

  /** What was done so far was the warm-up. */
  async startMeasuring(): Promise<void> {
    await delay(QUIET_MS);
    await Promise.all(this.#system.metered.map((program) => program.ask("startMeter")));
    this.#before = await this.#takeSnapshot("mark");
    this.#startedMs = performance.now();
  }

  /**
   * What was done since measuring began. Nothing was under way then, nor is it now, so nothing of the work is cut off and
   * nothing else is counted.
   */
  async stopMeasuring(): Promise<Measured> {
    if (this.#before === undefined) throw new Error("measuring has not begun");
    const quietMs = performance.now() - this.#startedMs + QUIET_MS;
    await delay(QUIET_MS + Math.ceil(quietMs / CLOCK_MS) * CLOCK_MS - quietMs);
    const after = await this.#takeSnapshot("freeze");
    return measuredBetween(this.#before, after, await readMeters(this.#system.metered));
  }

  /**
   * Holds what arrived to what was sent, and ends the system in good order.
   *
   * @throws Error when a message was lost, duplicated or out of order, or could not be sent
   */
  async finish(): Promise<void> {
    const { verdict } = await collectArrivals(this.#system, this.#options, await stopSenders(this.#system));
    requireUnharmed(verdict);
    await stopSystem(this.#system);
  }

  /** Ends the system, in whatever state it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#system[Symbol.asyncDispose]();
  }
}
