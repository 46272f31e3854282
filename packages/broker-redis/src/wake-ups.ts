import { ChappeError } from "@chappe/message";

/** Channels subscribed to with one command: enough to be fast, few enough not to hold up Redis. */
const CHANNELS_PER_COMMAND = 500;

/** What a wake-up tells: new entries, or that something can be had again, now or later. */
export type WakeUpKind = "new" | "again";

const KIND_LETTERS = { new: "n", again: "a" } as const satisfies Record<WakeUpKind, string>;

/** The text of a wake-up: what happened, and through whom. */
export function wakeUpText(kind: WakeUpKind, instance: string): string {
  return KIND_LETTERS[kind] + instance;
}

/** What subscribes. */
export interface WakeConnection {
  /** Subscribes to shard channels of one group. @throws ChappeError */
  subscribe(channels: readonly string[]): Promise<void>;
  /** Ends subscriptions to channels of one group. @throws ChappeError */
  unsubscribe(channels: readonly string[]): Promise<void>;
  /** Which channels one command may name together; none on a server alone, where it may name any. */
  groupOf?(channel: string): number;
}

/** Chooses channels. */
export type ChannelChoice = (channel: string) => boolean;

type OnWake = (kind: WakeUpKind) => void;

interface Watched {
  readonly watchers: Set<OnWake>;
  /** Redis has confirmed it on the present connection. */
  confirmed: boolean;
}

/** Hears the wake-ups of the addresses that are watched here, over a connection of its own. */
export class WakeUps {
  readonly #connection: WakeConnection;
  readonly #instance: string;
  readonly #onRefused: (error: ChappeError) => void;
  readonly #channels = new Map<string, Watched>();

  /** `onRefused` hears when Redis will not let this user subscribe. */
  constructor(connection: WakeConnection, instance: string, onRefused: (error: ChappeError) => void) {
    this.#connection = connection;
    this.#instance = instance;
    this.#onRefused = onRefused;
  }

  /**
   * Calls `onWake` for each wake-up that another instance sends over the channel. Also once when Redis has confirmed, and
   * whenever the connection is back: something may have happened before. Returns the way to stop.
   */
  watch(channel: string, onWake: OnWake): () => void {
    let watched = this.#channels.get(channel);
    if (watched === undefined) {
      watched = { watchers: new Set(), confirmed: false };
      this.#channels.set(channel, watched);
      this.#subscribe([channel]);
    }
    // A watcher of its own for each call, even for the same function.
    const watcher: OnWake = (kind) => onWake(kind);
    watched.watchers.add(watcher);
    return () => this.#stop(channel, watcher);
  }

  /** How many of a channel's subscribers are this instance: they need no wake-up of its own making. */
  servedHere(channel: string): 0 | 1 {
    return this.#channels.get(channel)?.confirmed === true ? 1 : 0;
  }

  /** Whether anybody here watches a channel. */
  watches(channel: string): boolean {
    return this.#channels.has(channel);
  }

  /** The connection is there, perhaps again, for all channels or some: what is not subscribed to is now. */
  onReady(concerns: ChannelChoice = () => true): void {
    const groups = new Map<number, string[]>();
    for (const [channel, { confirmed }] of this.#channels) {
      if (confirmed || !concerns(channel)) continue;
      const group = this.#connection.groupOf?.(channel) ?? 0;
      const channels = groups.get(group);
      if (channels === undefined) groups.set(group, [channel]);
      else channels.push(channel);
    }
    for (const channels of groups.values()) {
      for (let from = 0; from < channels.length; from += CHANNELS_PER_COMMAND) {
        this.#subscribe(channels.slice(from, from + CHANNELS_PER_COMMAND));
      }
    }
  }

  /** The connection is gone, for all channels or some, and its subscriptions with it. */
  onLost(concerns: ChannelChoice = () => true): void {
    for (const [channel, watched] of this.#channels) if (concerns(channel)) watched.confirmed = false;
  }

  /** A message came. */
  onMessage(channel: string, message: Buffer): void {
    const text = message.toString();
    if (text.slice(1) === this.#instance) return;
    this.#wake(channel, text.startsWith(KIND_LETTERS.again) ? "again" : "new");
  }

  #wake(channel: string, kind: WakeUpKind): void {
    const watched = this.#channels.get(channel);
    if (watched !== undefined) for (const watcher of watched.watchers) watcher(kind);
  }

  #subscribe(channels: readonly string[]): void {
    this.#connection.subscribe(channels).then(
      () => {
        for (const channel of channels) {
          const watched = this.#channels.get(channel);
          if (watched === undefined) continue;
          watched.confirmed = true;
          this.#wake(channel, "again");
        }
      },
      (error: unknown) => {
        const refusal = ChappeError.from(error);
        // Without a connection, onReady comes. Without the right to subscribe, look-rounds remain.
        if (refusal.code !== "UNAVAILABLE") this.#onRefused(refusal);
      },
    );
  }

  #stop(channel: string, watcher: OnWake): void {
    const watched = this.#channels.get(channel);
    if (watched === undefined || !watched.watchers.delete(watcher) || watched.watchers.size > 0) return;
    this.#channels.delete(channel);
    this.#connection.unsubscribe([channel]).catch(() => {});
  }
}
