import { type Batch, ChappeError, type Durability } from "@chappe/message";
import type { Receipt } from "./broker.ts";
import { checkDeliveryTime } from "./delivery-time.ts";
import { isSchedulable } from "./schedulable.ts";
import type { AppendResult, Store } from "./store.ts";

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: ChappeError) => void;
}

/** What a {@link PublishQueue} needs from its broker. */
export interface PublishQueueOptions {
  readonly store: Store;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told each address as soon as its append is on its way, so that a claim can follow on its heels. */
  readonly onAppend: (address: string) => void;
  /** Told when a message on its way is to be delivered, milliseconds since 1970-01-01 UTC. */
  readonly onDelayed: (address: string, atMs: number) => void;
  /** Told the bytes of what goes to the store. */
  readonly onBytes: (bytes: number) => void;
}

/** Gathers the batches published in one turn of the event loop into one append. */
export class PublishQueue {
  readonly #options: PublishQueueOptions;
  #waiting: Waiting[] = [];
  #durability: Durability = "accepted";
  #underWay = 0;
  #idle: (() => void)[] = [];

  constructor(options: PublishQueueOptions) {
    this.#options = options;
  }

  add(batch: Batch, durability: Durability): Promise<Receipt> {
    const { store, now } = this.#options;
    try {
      if (batch.header.deliverAtMs > 0) checkDeliveryTime(batch.header, now(), isSchedulable(store));
    } catch (error) {
      return Promise.reject(ChappeError.from(error));
    }
    // One append has one durability; another one's batches must not overtake.
    if (this.#waiting.length > 0 && this.#durability !== durability) this.#flush();
    this.#durability = durability;
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
    return new Promise((resolve, reject) => this.#waiting.push({ batch, resolve, reject }));
  }

  /** Resolves when every batch has its answer. */
  idle(): Promise<void> {
    this.#flush();
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#underWay++;
    const batches = waiting.map(({ batch }) => batch);
    const { store, onAppend, onDelayed, onBytes } = this.#options;
    store.append(batches, this.#durability).then(
      (results) => {
        waiting.forEach((publish, index) => answer(publish, results[index]));
        this.#done();
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(ChappeError.from(error));
        this.#done();
      },
    );
    onBytes(batches.reduce((sum, { headerBytes, records }) => sum + headerBytes.length + records.length, 0));
    for (const address of new Set(batches.map(({ header }) => header.address))) onAppend(address);
    for (const { header } of batches) if (header.deliverAtMs > 0) onDelayed(header.address, header.deliverAtMs);
  }

  #done(): void {
    if (--this.#underWay > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle = [];
  }
}

function answer({ resolve, reject }: Waiting, result: AppendResult | undefined): void {
  if (result === undefined) reject(new ChappeError("INTERNAL", "the store did not answer this batch"));
  else if (result.ok) {
    const { durability, duplicate, epoch, originalId } = result;
    resolve({ durability, duplicate, epoch, originalId });
  } else reject(result.error);
}
