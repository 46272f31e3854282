import type { ChappeError } from "@chappe/message";

/** How a {@link SlotLane} sends: to the node that serves its slot, or to another that it was told to ask. */
export interface LaneRoute<Attempt> {
  /** Sends at once, and answers or throws. With `ask`, to that node, which takes it as an exception. */
  send(attempt: Attempt, ask: string | undefined): Promise<unknown>;
  /** What to do after an error: send again, perhaps to another node, now or later; undefined to give up. */
  again(error: unknown): { readonly ask?: string; readonly later?: true } | undefined;
}

interface Call<Attempt> {
  readonly number: number;
  readonly attempt: Attempt;
  readonly deadlineMs: number;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: ChappeError) => void;
  ask: string | undefined;
  later: boolean;
}

/** A slot that moves is ready for the next try about then. */
const PAUSE_MS = 10;

/**
 * Commands on keys of one slot, kept in the order of their calls also when a node refuses some of them.
 *
 * As long as nothing is refused they are sent as they come. What is refused is put back by its number, and everything
 * later waits behind it until all that is under way has answered. Then one is sent at a time; when one was carried out by
 * the node that serves the slot, all others follow at once.
 */
export class SlotLane<Attempt> {
  readonly #route: LaneRoute<Attempt>;
  readonly #patienceMs: number;
  #calls = 0;
  #underWay = 0;
  #held: Call<Attempt>[] = [];
  #draining = false;

  /** What is refused for longer than `patienceMs` fails with the last refusal. */
  constructor(route: LaneRoute<Attempt>, patienceMs: number) {
    this.#route = route;
    this.#patienceMs = patienceMs;
  }

  /** Sends, now or behind what waits. */
  run<Answer>(attempt: Attempt): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const deadlineMs = performance.now() + this.#patienceMs;
      const call = { number: this.#calls++, attempt, deadlineMs, resolve, reject, ask: undefined, later: false };
      if (this.#draining || this.#held.length > 0) this.#held.push(call);
      else void this.#send(call);
    });
  }

  async #send(call: Call<Attempt>): Promise<void> {
    this.#underWay++;
    if (!(await this.#try(call))) this.#hold(call);
    this.#underWay--;
    if (this.#underWay === 0 && this.#held.length > 0 && !this.#draining) void this.#drain();
  }

  /** Whether the call is settled, one way or the other. */
  async #try(call: Call<Attempt>): Promise<boolean> {
    try {
      call.resolve((await this.#route.send(call.attempt, call.ask)) as never);
      return true;
    } catch (error) {
      const again = performance.now() < call.deadlineMs ? this.#route.again(error) : undefined;
      if (again === undefined) {
        call.reject(error as ChappeError);
        return true;
      }
      call.ask = again.ask;
      call.later = again.later ?? false;
      return false;
    }
  }

  #hold(call: Call<Attempt>): void {
    const place = this.#held.findIndex(({ number }) => number > call.number);
    if (place < 0) this.#held.push(call);
    else this.#held.splice(place, 0, call);
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let refusals = 0; ; ) {
      const [call] = this.#held;
      if (call === undefined) break;
      if (call.later) await pause();
      const asked = call.ask !== undefined;
      if (await this.#try(call)) {
        refusals = 0;
        this.#held.shift();
        if (!asked) break;
      } else if (++refusals > 1) {
        // Nodes that do not agree yet send it to and fro.
        await pause();
      }
    }
    this.#draining = false;
    const rest = this.#held;
    this.#held = [];
    for (const call of rest) void this.#send(call);
  }
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
