import { foreignPageError, type Step, type SubscriptionName } from "@chappe/broker";
import type { AdministrationOptions } from "./administration.ts";
import { isEntryId, youngestIdOf } from "./stream-entry.ts";
import { groupOf, isTopic } from "./subscription-place.ts";

/** One script call lets go of so many entries, or bytes: it holds up Redis for 1 to 4 ms. */
const STEP_ENTRIES = 256;
const STEP_BYTES = 1_048_576;

/** Lets go of what waits. */
export class Purging {
  readonly #options: AdministrationOptions;

  constructor(options: AdministrationOptions) {
    this.#options = options;
  }

  /**
   * See `Administration.purge`.
   *
   * @param after id of the last entry to purge
   * @throws ChappeError
   */
  async purge(name: SubscriptionName, after: string | undefined): Promise<Step> {
    if (after !== undefined && !isEntryId(after)) throw foreignPageError(after);
    const { connection, scripts, keys } = this.#options;
    const { stream, retries, waiting, subscription, progress } = keys.subscription(name);
    const to = after ?? (await youngestIdOf(connection, stream)) ?? "0-0";
    const places = [stream, retries, waiting, subscription, progress];
    const args = [groupOf(name), isTopic(name.address) ? 0 : 1, to, STEP_ENTRIES, STEP_BYTES];
    const [messages, more] = (await scripts.run("purge", places, args)) as [number, Buffer];
    return { messages, next: more.length > 0 ? to : undefined };
  }
}
