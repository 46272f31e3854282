import type { AppendResult } from "@chappe/broker";
import { type Batch, ChappeError } from "@chappe/message";
import type { Argument } from "./encode-command.ts";
import type { Keys } from "./keys.ts";
import { partitionOf } from "./partition.ts";
import type { RedisConnection, Reply } from "./redis-connection.ts";
import type { Scripts } from "./scripts.ts";
import { packEntry } from "./stored-entry.ts";
import { type WakeUps, wakeUpText } from "./wake-ups.ts";

/**
 * Entries from this size on do not pass through Lua: Redis hashes each byte that does, once for every string it becomes,
 * at about 1 ns a byte. A transaction of XADD and script costs four commands more, but for the large the same whatever
 * their size. They meet at about 8 KiB.
 */
const LARGE_ENTRY_BYTES = 8_192;

/** One script call holds up Redis for all it appends, and needs as much memory twice. */
const MAX_SCRIPT_BATCHES = 128;

/**
 * A producer is forgotten after so long a silence. A resend follows its batch within a sender's deadline, 30 s, so an hour
 * is plenty; a producer that is silent for longer is told of a gap, and begins anew under another id.
 */
const REMEMBER_PRODUCERS_S = 3_600;

/** What {@link Appends} needs. */
export interface AppendOptions {
  readonly connection: RedisConnection;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly wakeUps: WakeUps;
  readonly instance: string;
  readonly topicRetentionMs: number;
  /** Makes an epoch that no address had before. */
  readonly newEpoch: () => string;
}

/** Batches of one partition that go out in one call. */
interface Group {
  readonly keys: string[];
  readonly args: Argument[];
  /** Where the batches' answers belong. */
  readonly places: number[];
}

/** Appends batches: those of one partition with one call, and each address's in their order. */
export class Appends {
  readonly #options: AppendOptions;
  readonly #wakeUp: string;

  constructor(options: AppendOptions) {
    this.#options = options;
    this.#wakeUp = wakeUpText("new", options.instance);
  }

  /**
   * Appends batches and answers each. All is written before this returns, so that what is sent next comes after it.
   *
   * @throws ChappeError UNAVAILABLE when Redis could not be reached for any of them
   */
  async append(batches: readonly Batch[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = [];
    const calls: Promise<void>[] = [];
    const open = new Map<number, Group>();
    const send = (partition: number, group: Group, largeEntry?: readonly Uint8Array[]) => {
      open.delete(partition);
      calls.push(this.#send(group, largeEntry, results));
    };
    batches.forEach((batch, place) => {
      const { header, headerBytes, records } = batch;
      const partition = partitionOf(header.address);
      const entry = packEntry({ headerBytes, records, count: header.count, first: 0, attempt: 1 });
      const large = headerBytes.length + records.length >= LARGE_ENTRY_BYTES;
      let group = open.get(partition);
      if (group !== undefined && (large || group.places.length >= MAX_SCRIPT_BATCHES)) {
        send(partition, group);
        group = undefined;
      }
      if (group === undefined) open.set(partition, (group = this.#newGroup(partition)));
      this.#add(group, batch, partition, large ? "" : entry, place);
      if (large) send(partition, group, entry);
    });
    for (const [partition, group] of open) send(partition, group);
    await Promise.all(calls);
    const [first] = results;
    if (first?.ok === false && results.every((result) => !result.ok && result.error.code === "UNAVAILABLE")) {
      throw first.error;
    }
    return results;
  }

  #newGroup(partition: number): Group {
    const { keys, newEpoch, topicRetentionMs } = this.#options;
    return {
      keys: [keys.addresses(partition)],
      args: [newEpoch(), REMEMBER_PRODUCERS_S, topicRetentionMs, this.#wakeUp],
      places: [],
    };
  }

  #add(group: Group, { header, records }: Batch, partition: number, entry: Argument, place: number): void {
    const { keys, wakeUps } = this.#options;
    const { address, producerId, sequence, count } = header;
    const { stream, meta, wakes } = keys.address(address, partition);
    const numbered = producerId.length > 0 ? sequence : 0;
    group.keys.push(stream, meta, keys.producer(address, producerId, partition));
    group.args.push(address, wakes, wakeUps.servedHere(wakes), numbered, count, records.length, entry);
    group.places.push(place);
  }

  async #send(group: Group, largeEntry: readonly Uint8Array[] | undefined, results: AppendResult[]): Promise<void> {
    try {
      const answers = (await (largeEntry ? this.#sendLarge(group, largeEntry) : this.#sendSmall(group))) as Buffer[];
      group.places.forEach((place, index) => {
        results[place] = resultOf(String(answers[index]));
      });
    } catch (error) {
      for (const place of group.places) results[place] = { ok: false, error: ChappeError.from(error) };
    }
  }

  #sendSmall({ keys, args }: Group): Promise<Reply> {
    return this.#options.scripts.run("append", keys, args);
  }

  async #sendLarge({ keys, args }: Group, entry: readonly Uint8Array[]): Promise<Reply> {
    const { connection, scripts } = this.#options;
    const [, stream = ""] = keys;
    const add = ["XADD", stream, "*", "b", entry];
    const [, answers = null] = await connection.transaction([add, scripts.inFull("append", keys, args)]);
    return answers;
  }
}

function resultOf(answer: string): AppendResult {
  const rest = answer.slice(1);
  if (!answer.startsWith(">")) {
    return { ok: true, duplicate: answer.startsWith("="), epoch: rest, durability: "accepted" };
  }
  const expectedSequence = Number(rest);
  const message = `a batch of this producer is missing: resend from ${rest} on, in order`;
  return { ok: false, error: new ChappeError("FAILED_PRECONDITION", message, { expectedSequence }) };
}
