import { deletionError, type DeletionProblem, onlyQueueError, type SubscriptionName } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import type { AdministrationOptions } from "./administration.ts";
import { groupsOf } from "./consumer-groups.ts";
import { partitionOf } from "./partition.ts";
import { groupOf, isTopic } from "./subscription-place.ts";
import { wakeUpText } from "./wake-ups.ts";

/** So often subscriptions may come up while an address is being deleted. */
const TRIES = 5;

/** Deletes subscriptions and addresses. */
export class Deletion {
  readonly #options: AdministrationOptions;

  constructor(options: AdministrationOptions) {
    this.#options = options;
  }

  /** See `Administration.deleteSubscription`. @throws ChappeError */
  async deleteSubscription(name: SubscriptionName, force: boolean): Promise<void> {
    const what = `subscription "${name.subscription}" of ${name.address}`;
    if (!isTopic(name.address)) throw onlyQueueError(name.address);
    const { scripts, keys } = this.#options;
    const { stream, meta, reads, ...own } = keys.subscription(name);
    const places = [stream, ...OWN_KEYS.map((key) => own[key]), meta];
    const answer = await scripts.run("delete-subscription", places, [groupOf(name), force ? 1 : 0, reads]);
    check(String(answer), what);
  }

  /** See `Administration.deleteAddress`. @throws ChappeError */
  async deleteAddress(address: string, force: boolean): Promise<void> {
    const { scripts, keys } = this.#options;
    const { stream, meta, delayed, delayedEntries, marks, wakes } = keys.address(address);
    for (let tries = 0; tries < TRIES; tries++) {
      const names = await this.#subscriptionsOf(address, stream);
      const places = names.map((name) => keys.subscription(name));
      const addresses = keys.addresses(partitionOf(address));
      const own = places.flatMap((place) => OWN_KEYS.map((key) => place[key]));
      const args = [address, force ? 1 : 0, wakes, wakeUpText("again", ""), ...names.map(groupOf)];
      const ofAddress = [stream, meta, addresses, delayed, delayedEntries, keys.orderingKeys(address), marks];
      const answer = String(await scripts.run("delete-address", [...ofAddress, ...own], args));
      if (answer !== "again") return check(answer, address);
    }
    throw new ChappeError("UNAVAILABLE", `${address} gets new subscriptions faster than it can be deleted`);
  }

  async #subscriptionsOf(address: string, stream: string): Promise<readonly SubscriptionName[]> {
    if (!isTopic(address)) return [{ address, subscription: "" }];
    const groups = await groupsOf(this.#options.connection, stream);
    return (groups ?? []).map(({ name = "" }) => ({ address, subscription: name }));
  }
}

/** A subscription's keys, in the order in which both scripts take them. */
const OWN_KEYS = ["retries", "waiting", "dead", "subscription", "progress", "handed"] as const;

function check(answer: string, what: string): void {
  if (answer !== "deleted") throw deletionError(what, answer as DeletionProblem);
}
