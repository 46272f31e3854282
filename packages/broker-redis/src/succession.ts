import type { DelayedMessages } from "./delayed.ts";
import type { Scripts } from "./scripts.ts";
import type { SubscriptionPlace } from "./subscription-place.ts";

/** What a {@link Succession} needs. */
export interface SuccessionOptions {
  readonly scripts: Scripts;
  readonly delayed: DelayedMessages;
  /** As in `RedisServers`. */
  readonly routeOf: (key: string) => string;
}

/**
 * Tells what may have been handed out before by a Redis that another one has replaced: after a failover, or a restart that
 * lost the end of the append-only file, Redis may have an entry and not know that it was claimed.
 *
 * The first instance that comes to a Redis notes that in the address, and up to when entries are unsure; take.lua tells it
 * to all. So nothing is claimed on a connection before that was noted and told on it.
 */
export class Succession {
  readonly #options: SuccessionOptions;

  constructor(options: SuccessionOptions) {
    this.#options = options;
  }

  /** Whether this instance knows what is unsure at the Redis that serves the subscription now. */
  isSure(place: SubscriptionPlace): boolean {
    return place.served.lookedOn === this.routeOf(place);
  }

  /** Whether it has been noted that this Redis serves the address. */
  isNoted(place: SubscriptionPlace): boolean {
    return place.served.notedOn === this.routeOf(place);
  }

  /** The way that the subscription's commands go now. */
  routeOf(place: SubscriptionPlace): string {
    return this.#options.routeOf(place.keys.stream);
  }

  /**
   * Notes that this Redis serves the address, if it does not say so.
   *
   * @param opens whether a subscription is about to be opened: the address need not be there
   * @throws ChappeError
   */
  async note(place: SubscriptionPlace, { opens = false } = {}): Promise<void> {
    const { scripts, delayed } = this.#options;
    const { stream, meta, delayed: waiting } = place.keys;
    const route = this.routeOf(place);
    const { server: last } = place.served;
    const ask = async (dueBy: string) => {
      const answer = await scripts.run("succession", [stream, meta, waiting], [opens ? 1 : 0, dueBy, last]);
      return (answer as readonly Buffer[]).map(String) as [server: string, dueBy: string];
    };
    let [server, dueBy] = await ask("");
    while (dueBy !== "") {
      await delayed.promote(place);
      [server, dueBy] = await ask(dueBy);
    }
    if (this.routeOf(place) === route) Object.assign(place.served, { server, notedOn: route });
  }

  /** take.lua has told over a route up to when entries are unsure. Says whether that counts. */
  learn(place: SubscriptionPlace, route: string, unsureMs: number): boolean {
    // It may have been asked of another server than the one in which this was noted.
    if (!this.isNoted(place) || this.routeOf(place) !== route) return false;
    Object.assign(place.served, { lookedOn: route, unsureMs });
    return true;
  }

  /**
   * Up to which time entries may have been handed out before that have just been claimed, as their ids say it; 0 for none.
   * All may, if they came from another server than the one that was looked at before they were asked for.
   *
   * @param lookedOn `served.lookedOn` when they were asked for
   */
  unsureMs(place: SubscriptionPlace, lookedOn: string | undefined): number {
    const isSure = place.served.lookedOn === lookedOn && this.isSure(place);
    return isSure ? place.served.unsureMs : Number.POSITIVE_INFINITY;
  }
}
