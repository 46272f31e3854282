import type { SubscriptionName } from "@chappe/broker";
import type { CallScope } from "./call-scope.ts";
import type { Keys, SubscriptionKeys } from "./keys.ts";
import { partitionOf } from "./partition.ts";

/** Where to go on looking among the entries that this instance owns, for those it was never told of. */
export interface Doubt {
  readonly stream: string;
  readonly retries: string;
}

/** From the beginning. Each is one of its own: what comes into doubt while a look-round is under way is in doubt after it. */
export function everythingInDoubt(): Doubt {
  return { stream: "-", retries: "-" };
}

/** What is known of the Redis that serves a subscription. Routes are those of `RedisServers.routeOf`. */
interface Served {
  /** Which it was when that was last noted, as succession.lua names it; "" for none. */
  server: string;
  /** On which it was noted in Redis that this one serves the address. */
  notedOn: string | undefined;
  /** On which take.lua has said what is unsure. */
  lookedOn: string | undefined;
  /** What joined the address up to then a Redis before may have handed out. Redis' clock, milliseconds since 1970; 0: none. */
  unsureMs: number;
}

/** What this instance knows of one subscription. All of it can be forgotten; then look-rounds find out again. */
export interface SubscriptionPlace {
  readonly name: SubscriptionName;
  readonly keys: SubscriptionKeys;
  /** Name of its consumer group. */
  readonly group: string;
  readonly isTopic: boolean;
  /** What its commands may go together with. */
  readonly scope: number;
  /** As the last look-round told, or its opening. */
  epoch: string | undefined;
  /** How often it had been moved, as the last look-round told. A receiver's never was. */
  moves: number | undefined;
  readonly served: Served;
  /** From when on a claim should also look for what was claimed before and is free again, or due. Local clock, ms. */
  takeAtMs: number;
  /**
   * An answer that may have given this instance entries was lost, or a server that knew them to be settled, or it was moved.
   */
  doubt: Doubt | undefined;
  /** Refs of owned entries whose progress Redis may have noted. */
  readonly noted: Set<string>;
  /** Others may hand over entries with an ordering key, or wait for this instance to give up its reservation. */
  mustLeave: boolean;
}

/** A receiver's only subscription has no name; its group needs one. */
const RECEIVER_GROUP = "receiver";

/** Name of a subscription's consumer group. */
export function groupOf({ subscription }: SubscriptionName): string {
  return subscription || RECEIVER_GROUP;
}

/** Whether an address is a topic: it keeps its entries for a while, whoever has read them. */
export function isTopic(address: string): boolean {
  return address.startsWith("topic:");
}

/** The subscriptions that this instance works on. */
export class SubscriptionPlaces {
  readonly #keys: Keys;
  readonly #scopeOf: CallScope;
  readonly #byAddress = new Map<string, Map<string, SubscriptionPlace>>();
  /** What a place begins with: it may have been here before, and be forgotten. */
  #doubt: Doubt | undefined;

  constructor(keys: Keys, scopeOf: CallScope) {
    this.#keys = keys;
    this.#scopeOf = scopeOf;
  }

  /** The place of a subscription, made where it is new. */
  of(name: SubscriptionName): SubscriptionPlace {
    let places = this.#byAddress.get(name.address);
    if (places === undefined) this.#byAddress.set(name.address, (places = new Map()));
    let place = places.get(name.subscription);
    if (place === undefined) {
      place = {
        name,
        keys: this.#keys.subscription(name),
        group: groupOf(name),
        isTopic: isTopic(name.address),
        scope: this.#scopeOf(partitionOf(name.address)),
        epoch: undefined,
        moves: undefined,
        served: { server: "", notedOn: undefined, lookedOn: undefined, unsureMs: 0 },
        takeAtMs: 0,
        doubt: this.#doubt,
        noted: new Set(),
        mustLeave: false,
      };
      places.set(name.subscription, place);
    }
    return place;
  }

  /** Places of an address. */
  at(address: string): Iterable<SubscriptionPlace> {
    return this.#byAddress.get(address)?.values() ?? [];
  }

  /** Every place. */
  *all(): Iterable<SubscriptionPlace> {
    for (const places of this.#byAddress.values()) yield* places.values();
  }

  /**
   * Who serves from now on may know less than the server before: what it never heard to be settled, or given back, is still
   * this instance's there.
   */
  doubtAll(): void {
    this.#doubt = everythingInDoubt();
    for (const place of this.all()) place.doubt = everythingInDoubt();
  }

  /** Forgets an address, unless something that was opened is in doubt. Routers see many addresses that are used once. */
  forget(address: string): void {
    for (const { epoch, doubt } of this.at(address)) if (epoch !== undefined && doubt !== undefined) return;
    this.#byAddress.delete(address);
  }
}
