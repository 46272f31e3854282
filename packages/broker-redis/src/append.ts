import { alreadyDelayedError, type AppendResult, queueFullError } from "@chappe/broker";
import { type Batch, ChappeError, firstMessageId } from "@chappe/message";
import type { CallScope } from "./call-scope.ts";
import type { Argument } from "./encode-command.ts";
import { delayedMember, type Keys } from "./keys.ts";
import type { MemoryGuard } from "./memory-guard.ts";
import { partitionOf } from "./partition.ts";
import type { QueueWatch } from "./queue-watch.ts";
import type { RedisClient, Reply } from "./redis-client.ts";
import { isReadOnly, translateRedisError } from "./redis-errors.ts";
import type { Scripts } from "./scripts.ts";
import { packEntry } from "./stored-entry.ts";
import { isTopic } from "./subscription-place.ts";
import type { TopicRetention } from "./topic-retention.ts";
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
  readonly connection: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly scopeOf: CallScope;
  readonly wakeUps: WakeUps;
  readonly instance: string;
  /** How long deduplication ids are remembered. */
  readonly deduplicationWindowMs: number;
  readonly queues: QueueWatch;
  readonly memory: MemoryGuard;
  readonly retention: TopicRetention;
  /** Makes an epoch that no address had before. */
  readonly newEpoch: () => string;
}

/** Batches that go out in one call. */
interface Group {
  readonly keys: string[];
  /** Those of batches with options, in the batches' order: they come behind all others. */
  readonly furtherKeys: string[];
  readonly args: Argument[];
  /** Where the batches' answers belong. */
  readonly places: number[];
  readonly batches: Batch[];
}

/** Appends batches: many with one call, and each address's in their order. */
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
    const send = (scope: number, group: Group, largeEntry?: readonly Uint8Array[]) => {
      open.delete(scope);
      calls.push(this.#send(group, largeEntry, results));
    };
    batches.forEach((batch, place) => {
      const { header, headerBytes, records } = batch;
      const partition = partitionOf(header.address);
      const scope = this.#options.scopeOf(partition);
      const entry = packEntry({
        headerBytes,
        records,
        count: header.count,
        first: 0,
        attempt: 1,
        crashes: 0,
        redriven: false,
      });
      // Only the script knows the time that a delayed message waits for, and what one with an ordering key follows.
      const passesBeside = header.deliverAtMs === 0 && header.orderingKey === "";
      const large = passesBeside && headerBytes.length + records.length >= LARGE_ENTRY_BYTES;
      let group = open.get(scope);
      if (group !== undefined && (large || group.places.length >= MAX_SCRIPT_BATCHES)) {
        send(scope, group);
        group = undefined;
      }
      if (group === undefined) open.set(scope, (group = this.#newGroup()));
      this.#add(group, batch, partition, large ? "" : entry, place);
      if (large) send(scope, group, entry);
    });
    for (const [scope, group] of open) send(scope, group);
    await Promise.all(calls);
    const [first] = results;
    if (first?.ok === false && results.every((result) => !result.ok && result.error.code === "UNAVAILABLE")) {
      throw first.error;
    }
    return results;
  }

  #newGroup(): Group {
    const args = [this.#options.newEpoch(), REMEMBER_PRODUCERS_S, this.#wakeUp];
    return { keys: [], furtherKeys: [], args, places: [], batches: [] };
  }

  #add(group: Group, batch: Batch, partition: number, entry: Argument, place: number): void {
    const { keys, wakeUps } = this.#options;
    const { header, records } = batch;
    const { address, producerId, sequence, count } = header;
    const { stream, meta, wakes } = keys.address(address, partition);
    const numbered = producerId.length > 0 ? sequence : 0;
    group.keys.push(stream, meta, keys.producer(address, producerId, partition), keys.addresses(partition));
    group.args.push(address, wakes, wakeUps.servedHere(wakes), numbered, count, records.length, entry);
    group.args.push(this.#optionsOf(batch, partition, group.furtherKeys));
    group.places.push(place);
    group.batches.push(batch);
  }

  /** What append.lua must do beyond appending, and the keys for it. Most batches have nothing of the kind. */
  #optionsOf(batch: Batch, partition: number, furtherKeys: string[]): string {
    const { header } = batch;
    const { address, deduplicationId, deliverAtMs, orderingKey, sender } = header;
    const { keys, deduplicationWindowMs, memory, queues } = this.#options;
    const isFull = memory.isFull(partition);
    const mayBeFull = queues.mayBeFull(address);
    const isPlain = deduplicationId === "" && deliverAtMs === 0 && orderingKey === "";
    if (isPlain && !isFull && !mayBeFull) return "";
    const options: Record<string, string | number> = {};
    if (isFull) options["m"] = 1;
    if (mayBeFull) {
      const { subscription, waiting, retries } = keys.subscription({ address, subscription: "" });
      furtherKeys.push(subscription, waiting, retries);
      options["q"] = 1;
      options["most"] = queues.limits.maxMessages;
      options["mostBytes"] = queues.limits.maxBytes;
    }
    if (deduplicationId !== "" || deliverAtMs > 0) options["id"] = firstMessageId(batch);
    if (deduplicationId !== "") {
      furtherKeys.push(keys.deduplication(header, partition));
      options["windowMs"] = deduplicationWindowMs;
    }
    if (deliverAtMs > 0) {
      const { delayed, delayedEntries } = keys.address(address, partition);
      furtherKeys.push(delayed, delayedEntries);
      options["at"] = deliverAtMs;
      options["member"] = delayedMember(sender, String(options["id"]));
    }
    if (orderingKey !== "") {
      furtherKeys.push(keys.orderingKeys(address, partition));
      options["k"] = orderingKey;
    }
    return JSON.stringify(options);
  }

  async #send(group: Group, largeEntry: readonly Uint8Array[] | undefined, results: AppendResult[]): Promise<void> {
    try {
      const sending = largeEntry ? this.#sendLarge(group, largeEntry) : this.#sendSmall(group);
      const answers = (await sending) as readonly (Buffer | Error)[];
      group.places.forEach((place, index) => {
        results[place] = this.#resultOf(answers[index], group.batches[index] as Batch);
      });
      // Nested in an answer, the driver does not see it.
      if (answers.some(isReadOnly)) this.#options.connection.leaveReplica(group.keys[0] ?? "");
    } catch (error) {
      for (const place of group.places) results[place] = { ok: false, error: ChappeError.from(error) };
    }
  }

  #sendSmall({ keys, furtherKeys, args }: Group): Promise<Reply> {
    return this.#options.scripts.run("append", furtherKeys.length === 0 ? keys : [...keys, ...furtherKeys], args);
  }

  async #sendLarge({ keys, furtherKeys, args }: Group, entry: readonly Uint8Array[]): Promise<Reply> {
    const { connection, scripts } = this.#options;
    const [stream = ""] = keys;
    const add = ["XADD", stream, "*", "b", entry];
    const append = scripts.inFull("append", [...keys, ...furtherKeys], args);
    const [, answers = null] = await connection.transaction([add, append]);
    return answers;
  }

  #resultOf(answer: Buffer | Error | undefined, { header: { address }, records }: Batch): AppendResult {
    if (answer instanceof Error) return { ok: false, error: translateRedisError(answer) };
    const text = String(answer);
    const rest = text.slice(1);
    switch (text[0]) {
      case "+": {
        const epochEnd = rest.indexOf(" ");
        if (isTopic(address)) this.#options.retention.note(address, records.length);
        else this.#options.queues.note(address, rest.slice(epochEnd + 1));
        return { ok: true, duplicate: false, epoch: rest.slice(0, epochEnd), durability: "accepted" };
      }
      case "=": {
        const [epoch, originalId] = splitOnce(rest);
        return { ok: true, duplicate: true, epoch, durability: "accepted", originalId };
      }
      case ">": {
        const message = `a batch of this producer is missing: resend from ${rest} on, in order`;
        const expectedSequence = Number(rest);
        return { ok: false, error: new ChappeError("FAILED_PRECONDITION", message, { expectedSequence }) };
      }
      case "#":
        return { ok: false, error: alreadyDelayedError(rest) };
      case "!":
        return { ok: false, error: this.#refusalOf(rest, address) };
      default:
        return { ok: false, error: new ChappeError("INTERNAL", `Redis' answer to an append is none: ${text}`) };
    }
  }

  #refusalOf(text: string, address: string): ChappeError {
    const { memory, queues } = this.#options;
    if (text === "m") return memory.error(partitionOf(address));
    const [, messages = 0, bytes = 0] = text.split(" ").map(Number);
    return queueFullError(address, { messages, bytes }, queues.limits);
  }
}

/** At the first space: an id may have more. */
function splitOnce(text: string): readonly [string, string?] {
  const at = text.indexOf(" ");
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
