import { type Batch, ChappeError, type Durability } from "@chappe/message";
import type { Receipt } from "./broker.ts";
import type { AppendResult, Store } from "./store.ts";

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: ChappeError) => void;
}

/** Gathers the batches published in one turn of the event loop into one append. */
export class PublishQueue {
  readonly #store: Store;
  readonly #onAppend: (address: string) => void;
  readonly #onBytes: (bytes: number) => void;
  #waiting: Waiting[] = [];
  #durability: Durability = "accepted";
  #underWay = 0;
  #idle: (() => void)[] = [];

  /** `onAppend` is told each address as soon as its append is on its way, so that a claim can follow on its heels. */
  constructor(store: Store, onAppend: (address: string) => void, onBytes: (bytes: number) => void) {
    this.#store = store;
    this.#onAppend = onAppend;
    this.#onBytes = onBytes;
  }

  add(batch: Batch, durability: Durability): Promise<Receipt> {
    const problem = notGivenYet(batch);
    if (problem !== undefined) return Promise.reject(new ChappeError("UNIMPLEMENTED", problem));
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
    this.#store.append(batches, this.#durability).then(
      (results) => {
        waiting.forEach((publish, index) => answer(publish, results[index]));
        this.#done();
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(ChappeError.from(error));
        this.#done();
      },
    );
    this.#onBytes(batches.reduce((sum, { headerBytes, records }) => sum + headerBytes.length + records.length, 0));
    for (const address of new Set(batches.map(({ header }) => header.address))) this.#onAppend(address);
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

/** An option that was silently ignored would be a lie. */
function notGivenYet({ header }: Batch): string | undefined {
  if (header.deliverAtMs !== 0)
    return `deliver_at_unix_ms ${header.deliverAtMs}: delayed delivery is not offered yet; leave it 0`;
  return undefined;
}
