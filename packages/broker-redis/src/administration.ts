import type {
  AddressDetails,
  Administration,
  DeadLetterSelection,
  KeptDeadLetter,
  Page,
  PageRequest,
  PeekedEntry,
  Step,
  SubscriptionDetails,
  SubscriptionName,
} from "@chappe/broker";
import { AddressPages } from "./address-pages.ts";
import { DeadLetters } from "./dead-letters.ts";
import type { DelayedMessages } from "./delayed.ts";
import { Deletion } from "./deletion.ts";
import type { Inspection } from "./inspection.ts";
import type { Keys } from "./keys.ts";
import { Peeking } from "./peeking.ts";
import { Purging } from "./purging.ts";
import type { RedisClient } from "./redis-client.ts";
import type { Scripts } from "./scripts.ts";
import { isTopic } from "./subscription-place.ts";
import { holdersOf } from "./entry-holders.ts";

/** What {@link RedisAdministration} and its parts need. */
export interface AdministrationOptions {
  readonly connection: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly inspection: Inspection;
  readonly delayed: DelayedMessages;
  /** Something can be had again at an address: whoever reads it here shall look. */
  readonly onAgain: (address: string) => void;
}

/** Looks into addresses and repairs them. */
export class RedisAdministration implements Administration {
  readonly #options: AdministrationOptions;
  readonly #pages: AddressPages;
  readonly #peeking: Peeking;
  readonly #letters: DeadLetters;
  readonly #purging: Purging;
  readonly #deletion: Deletion;

  constructor(options: AdministrationOptions) {
    this.#options = options;
    this.#pages = new AddressPages(options);
    this.#peeking = new Peeking(options);
    this.#letters = new DeadLetters(options);
    this.#purging = new Purging(options);
    this.#deletion = new Deletion(options);
  }

  listAddresses(prefix: string, page: PageRequest): Promise<Page<string>> {
    return this.#pages.list(prefix, page);
  }

  async describe(address: string): Promise<AddressDetails | undefined> {
    const { inspection, connection, scripts, keys } = this.#options;
    const state = await inspection.inspect(address);
    if (state === undefined) return undefined;
    const details = state.subscriptions.map(async (counted): Promise<SubscriptionDetails> => {
      const name = { address, subscription: counted.subscription };
      const { waiting, dead, subscription, reads, wakes } = keys.subscription(name);
      const [holders, waitingRetries, deadLetters, watchers] = await Promise.all([
        holdersOf(connection, keys, name),
        connection.call("ZCARD", waiting),
        connection.call("XLEN", dead),
        scripts.run("watchers", [subscription], [isTopic(address) ? reads : wakes]),
      ]);
      return {
        ...counted,
        holders,
        heldEntries: holders.reduce((sum, { heldEntries }) => sum + heldEntries, 0),
        waitingRetries: Number(waitingRetries),
        deadLetters: Number(deadLetters),
        watchers: Number(watchers),
      };
    });
    return { ...state, subscriptions: await Promise.all(details) };
  }

  peek(name: SubscriptionName, limit: number): Promise<readonly PeekedEntry[]> {
    return this.#peeking.peek(name, limit);
  }

  listDeadLetters(
    name: SubscriptionName,
    page: PageRequest & { readonly reason?: string | undefined },
  ): Promise<Page<KeptDeadLetter>> {
    return this.#letters.list(name, page);
  }

  findDeadLetter(name: SubscriptionName, id: string): Promise<KeptDeadLetter | undefined> {
    return this.#letters.find(name, id);
  }

  redrive(name: SubscriptionName, selection: DeadLetterSelection, after: string | undefined): Promise<Step> {
    return this.#letters.takeOff("redrive", name, selection, after);
  }

  purgeDeadLetters(name: SubscriptionName, selection: DeadLetterSelection, after: string | undefined): Promise<Step> {
    return this.#letters.takeOff("purge", name, selection, after);
  }

  purge(name: SubscriptionName, after: string | undefined): Promise<Step> {
    return this.#purging.purge(name, after);
  }

  purgeDelayed(address: string, after: string | undefined): Promise<Step> {
    return this.#options.delayed.purge(address, after);
  }

  deleteSubscription(name: SubscriptionName, { force }: { readonly force: boolean }): Promise<void> {
    return this.#deletion.deleteSubscription(name, force);
  }

  deleteAddress(address: string, { force }: { readonly force: boolean }): Promise<void> {
    return this.#deletion.deleteAddress(address, force);
  }
}
