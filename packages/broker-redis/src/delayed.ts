import type { SubscriptionPlace } from "./subscription-place.ts";
import { delayedMember, type Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";
import { type WakeUps, wakeUpText } from "./wake-ups.ts";

/** One script call holds up Redis for all it moves; more that are due come with the next. */
const MAX_PROMOTED = 128;

/** What {@link DelayedMessages} needs. */
export interface DelayedOptions {
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly wakeUps: WakeUps;
  readonly instance: string;
}

/** The messages that wait for their time. */
export class DelayedMessages {
  readonly #options: DelayedOptions;
  readonly #wakeUp: string;

  constructor(options: DelayedOptions) {
    this.#options = options;
    this.#wakeUp = wakeUpText("new", options.instance);
  }

  /**
   * Lets those join the address whose time has come, up to 128.
   *
   * @returns milliseconds until the next is due, 0 for at once; undefined when none waits
   * @throws ChappeError
   */
  async promote({ keys }: SubscriptionPlace): Promise<number | undefined> {
    const { scripts, wakeUps } = this.#options;
    const { stream, meta, delayed, delayedEntries, wakes } = keys;
    const args = [wakes, wakeUps.servedHere(wakes), this.#wakeUp, MAX_PROMOTED];
    const nextMs = Number(await scripts.run("promote", [stream, meta, delayed, delayedEntries], args));
    return nextMs < 0 ? undefined : nextMs;
  }

  /** See `Schedulable.cancel`. @throws ChappeError */
  async cancel(address: string, sender: string, id: string): Promise<boolean> {
    const { scripts, keys } = this.#options;
    const { delayed, delayedEntries } = keys.address(address);
    return (await scripts.run("cancel", [delayed, delayedEntries], [delayedMember(sender, id)])) === 1;
  }
}
