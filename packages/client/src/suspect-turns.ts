import { type Clock, systemClock } from "./clock.ts";
import type { HeldDelivery } from "./held-delivery.ts";

/** A suspect keeps the others waiting no longer than this, milliseconds: its loop may gather messages before it settles any. */
const MAX_TURN_MS = 10_000;

/**
 * Lets a program begin on one suspect at a time, of all that it reads, through whichever routers. Those that wait are no
 * cause of a crash, and routers do not count it for them.
 */
export class SuspectTurns {
  readonly #clock: Clock;
  /** How each that waits is begun on, in the order in which they came. */
  readonly #waiting = new Map<HeldDelivery, () => void>();
  #current: { readonly delivery: HeldDelivery; readonly timer: unknown } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `begin` when it is the suspect's turn: now, or when those before it are over. Never, once it is over itself. */
  wait(delivery: HeldDelivery, begin: () => void): void {
    this.#waiting.set(delivery, begin);
    delivery.onOver = () => this.leave(delivery);
    this.#goOn();
  }

  /** It is over, or nobody will take it up: the next may begin. */
  leave(delivery: HeldDelivery): void {
    this.#waiting.delete(delivery);
    if (this.#current?.delivery !== delivery) return;
    this.#clock.clearTimeout(this.#current.timer);
    this.#current = undefined;
    this.#goOn();
  }

  #goOn(): void {
    if (this.#current !== undefined) return;
    const [next] = this.#waiting;
    if (next === undefined) return;
    const [delivery, begin] = next;
    this.#waiting.delete(delivery);
    this.#current = { delivery, timer: this.#clock.setTimeout(() => this.leave(delivery), MAX_TURN_MS) };
    begin();
  }
}

/** The turns of this program, or of each of its worker threads: what brings it down brings down all its clients. */
export const programTurns: SuspectTurns = new SuspectTurns(systemClock);
