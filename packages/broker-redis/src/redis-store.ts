import { randomBytes } from "node:crypto";
import type {
  AddressList,
  AddressState,
  Administration,
  AppendResult,
  DeadLetter,
  Entry,
  Opening,
  FullStore,
  Settlement,
  Standing,
  SubscriptionName,
  Sweep,
  Waiting,
} from "@chappe/broker";
import { type Batch, ChappeError, type Durability, type StartFrom } from "@chappe/message";
import { Acks } from "./acks.ts";
import { RedisAdministration } from "./administration.ts";
import { Appends } from "./append.ts";
import { connectCluster } from "./cluster-servers.ts";
import { Departures } from "./departures.ts";
import { DelayedMessages } from "./delayed.ts";
import { DurableAppends } from "./durable-appends.ts";
import { Inspection } from "./inspection.ts";
import { InstanceLiveness } from "./instance-liveness.ts";
import { Keys } from "./keys.ts";
import { MemoryGuard } from "./memory-guard.ts";
import { NewEntries } from "./new-entries.ts";
import { QueueWatch } from "./queue-watch.ts";
import { Reading } from "./reading.ts";
import { partitionOf } from "./partition.ts";
import type { RedisServers, ServersHandlers } from "./redis-servers.ts";
import { Replay } from "./replay.ts";
import { Scripts } from "./scripts.ts";
import { Settling } from "./settling.ts";
import { type RedisStoreOptions, resolveStoreOptions } from "./store-options.ts";
import { connectSingleServer } from "./single-server.ts";
import { isTopic, SubscriptionPlaces } from "./subscription-place.ts";
import { Succession } from "./succession.ts";
import { TopicRetention } from "./topic-retention.ts";
import { WakeUps } from "./wake-ups.ts";

/** Closing tells Redis what it can within this time. What is left undone, the liveness key's end does. */
const CLOSE_MS = 2_000;

/**
 * Makes a store on Redis. It connects in the background and keeps connected: while Redis is out of reach, its methods
 * reject with UNAVAILABLE at once.
 *
 * @throws ChappeError INVALID_ARGUMENT for an option that cannot be
 */
export function connectRedisStore(options: RedisStoreOptions = {}): FullStore {
  return new RedisStore(options);
}

class RedisStore implements FullStore {
  readonly administration: Administration;
  readonly #servers: RedisServers;
  readonly #keys: Keys;
  readonly #places: SubscriptionPlaces;
  readonly #liveness: InstanceLiveness;
  readonly #wakeUps: WakeUps;
  readonly #acks: Acks;
  readonly #appends: Appends;
  readonly #delayed: DelayedMessages;
  readonly #durableAppends: DurableAppends;
  readonly #reading: Reading;
  readonly #settling: Settling;
  readonly #replay: Replay;
  readonly #succession: Succession;
  readonly #departures: Departures;
  readonly #inspection: Inspection;
  readonly #interruptions = new Set<() => void>();
  #closing: Promise<void> | undefined;

  constructor(options: RedisStoreOptions) {
    const resolved = resolveStoreOptions(options);
    const { server, sentinels, seeds, instance, silenceMs, livenessMs, durabilityTimeoutMs, onEvent } = resolved;
    const { deduplicationWindowMs, queueLimits, retention: limits } = resolved;
    const keys = new Keys(resolved.keyPrefix);
    const handlers: ServersHandlers = {
      onReady: (redis) => scripts.load(redis),
      onChanged: (first) => this.#liveness.begin(first),
      onWhole: () => onEvent({ kind: "connected" }),
      onLost: (error, node) => {
        this.#interrupted();
        onEvent({ kind: "disconnected", error, ...(node !== undefined && { server: node }) });
      },
      onReplaced: () => this.#interrupted(),
      onLeft: (node) => this.#durableAppends.leave(node),
      onWakesReady: (concerns) => wakeUps.onReady(concerns),
      onWaking: () => onEvent({ kind: "waking" }),
      onWakesLost: (concerns, error) => {
        wakeUps.onLost(concerns);
        if (error !== undefined) onEvent({ kind: "not-waking", error });
      },
      onWake: (channel, message) => wakeUps.onMessage(channel, message),
    };
    const reached = { name: instance, silenceMs };
    const servers =
      seeds === undefined
        ? connectSingleServer({ server, ...(sentinels && { sentinels }) }, reached, handlers)
        : connectCluster({ server, seeds }, reached, handlers);
    const { client: connection, scopeOf } = servers;
    const scripts = new Scripts(connection);
    const wakeUps = new WakeUps(servers.wakes, instance, (error) => onEvent({ kind: "not-waking", error }));
    const liveness = new InstanceLiveness({
      connection,
      scripts,
      keys,
      instance,
      livenessMs,
      onRefused: (error) => onEvent({ kind: "refused", error }),
    });
    const retention = new TopicRetention(scripts, keys, limits);
    const newEpoch = epochs();
    this.#servers = servers;
    this.#keys = keys;
    this.#places = new SubscriptionPlaces(keys, scopeOf);
    this.#liveness = liveness;
    this.#wakeUps = wakeUps;
    this.#appends = new Appends({
      connection,
      scripts,
      keys,
      scopeOf,
      wakeUps,
      instance,
      retention,
      deduplicationWindowMs,
      queues: new QueueWatch(queueLimits),
      memory: new MemoryGuard(scripts, keys, scopeOf),
      newEpoch,
    });
    this.#delayed = new DelayedMessages({ connection, scripts, keys, wakeUps, instance });
    this.#durableAppends = new DurableAppends({
      barrierOf: (address) => keys.barrier(scopeOf(partitionOf(address)), instance),
      holderOf: (key) => servers.holderOf(key),
      timeoutMs: durabilityTimeoutMs,
      append: (batches) => this.#appends.append(batches),
    });
    this.#replay = new Replay({ connection, scripts, wakeUps, instance });
    this.#succession = new Succession({
      scripts,
      delayed: this.#delayed,
      routeOf: (key) => servers.routeOf(key),
    });
    this.#reading = new Reading({
      succession: this.#succession,
      delayed: this.#delayed,
      newEntries: new NewEntries(connection, instance),
      replay: this.#replay,
      retention,
      scripts,
      liveness,
      instance,
      newEpoch,
      onEpochChanged: (address, epoch) => onEvent({ kind: "epoch-changed", address, epoch }),
      onDamaged: (name, ref) => onEvent({ kind: "entry-damaged", ...name, ref }),
      onInstancesGone: (instances) => onEvent({ kind: "instances-gone", instances }),
    });
    this.#acks = new Acks(scripts, instance);
    this.#settling = new Settling({ acks: this.#acks, scripts, wakeUps, instance, retention: limits });
    this.#departures = new Departures((name) => this.#leaveAgain(name));
    this.#inspection = new Inspection(connection, keys);
    this.administration = new RedisAdministration({
      delayed: this.#delayed,
      connection,
      scripts,
      keys,
      inspection: this.#inspection,
      onAgain: (address) => {
        for (const place of this.#places.at(address)) place.takeAtMs = 0;
      },
    });
  }

  async append(batches: readonly Batch[], durability: Durability): Promise<readonly AppendResult[]> {
    this.#checkOpen();
    if (durability === "accepted") return this.#appends.append(batches);
    return this.#durableAppends.append(batches, durability);
  }

  async open(name: SubscriptionName, startFrom: StartFrom): Promise<Opening> {
    this.#checkOpen();
    this.#departures.forget(name);
    return this.#reading.open(this.#places.of(name), startFrom);
  }

  async claim(name: SubscriptionName, limit: number): Promise<readonly Entry[]> {
    this.#checkOpen();
    return this.#reading.claim(this.#places.of(name), limit);
  }

  async settle(name: SubscriptionName, settlements: readonly Settlement[]): Promise<readonly string[]> {
    this.#checkOpen();
    return this.#settling.settle(this.#places.of(name), settlements);
  }

  async sweep(name: SubscriptionName, limit: number): Promise<Sweep> {
    this.#checkOpen();
    return this.#reading.sweep(this.#places.of(name), limit);
  }

  async turns(name: SubscriptionName, waiting: readonly Waiting[]): Promise<readonly Standing[]> {
    this.#checkOpen();
    return this.#settling.turns(this.#places.of(name), waiting);
  }

  async reserve(name: SubscriptionName): Promise<boolean> {
    this.#checkOpen();
    return this.#reading.reserve(this.#places.of(name));
  }

  async leave(name: SubscriptionName): Promise<void> {
    this.#checkOpen();
    const place = this.#places.of(name);
    // Everything else was given back one by one. Of a topic there may be more: what was claimed anew after a move.
    if (place.isTopic || place.mustLeave || place.doubt !== undefined) await this.#settling.leave(place);
    this.#departures.note(name);
  }

  async seek(name: SubscriptionName, position: StartFrom): Promise<void> {
    this.#checkOpen();
    const place = this.#places.of(name);
    try {
      // What is doubtful now will not be after it.
      await this.#succession.note(place);
      await this.#replay.seek(place, position);
    } finally {
      this.#forgetUnwatched(name.address);
    }
  }

  watch(address: string, onWake: () => void, subscription = ""): () => void {
    const { wakes } = this.#keys.address(address);
    const unwatch = this.#wakeUps.watch(wakes, (kind) => {
      if (kind === "again") for (const place of this.#places.at(address)) place.takeAtMs = 0;
      onWake();
    });
    const { reads } = this.#keys.subscription({ address, subscription });
    // A receiver's only readers are those who watch it.
    const stopShowing = isTopic(address) ? this.#wakeUps.watch(reads, () => {}) : () => {};
    return () => {
      unwatch();
      stopShowing();
      this.#forgetUnwatched(address);
    };
  }

  onInterrupted(listener: () => void): () => void {
    this.#interruptions.add(listener);
    return () => this.#interruptions.delete(listener);
  }

  async ping(): Promise<void> {
    this.#checkOpen();
    await this.#servers.ping();
    // Who may not even say that it lives can do nothing of what it is for.
    if (this.#liveness.refusal !== undefined) throw this.#liveness.refusal;
  }

  async cancel(address: string, sender: string, id: string): Promise<boolean> {
    this.#checkOpen();
    return this.#delayed.cancel(address, sender, id);
  }

  async addresses(limit: number): Promise<AddressList> {
    this.#checkOpen();
    return this.#inspection.addresses(limit);
  }

  async inspect(address: string): Promise<AddressState | undefined> {
    this.#checkOpen();
    return this.#inspection.inspect(address);
  }

  async deadLetters(name: SubscriptionName, limit: number): Promise<readonly DeadLetter[]> {
    this.#checkOpen();
    return this.#inspection.deadLetters(name, limit);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, CLOSE_MS);
    // Ahead of giving back: what was acked must not come again.
    this.#acks.flush();
    this.#departures.end();
    const leaving = [...this.#places.all()].map((place) => this.#settling.leave(place));
    // With the liveness key gone, others take what could not be given back.
    await Promise.race([Promise.allSettled([...leaving, this.#liveness.end()]), timeout.promise]);
    clearTimeout(timer);
    await Promise.all([this.#servers.close(), this.#durableAppends.close()]);
  }

  #forgetUnwatched(address: string): void {
    if (!this.#wakeUps.watches(this.#keys.address(address).wakes)) this.#places.forget(address);
  }

  async #leaveAgain(name: SubscriptionName): Promise<void> {
    await this.#settling.leave(this.#places.of(name));
    this.#forgetUnwatched(name.address);
  }

  #interrupted(): void {
    this.#places.doubtAll();
    this.#departures.doubtAll();
    for (const listener of this.#interruptions) listener();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new ChappeError("UNAVAILABLE", "the store is closed");
  }
}

/** Makes names that no other call, here or elsewhere, makes. */
function epochs(): () => string {
  const begin = `${Date.now().toString(36)}-${randomBytes(4).toString("hex")}`;
  let count = 0;
  return () => `${begin}-${(++count).toString(36)}`;
}
