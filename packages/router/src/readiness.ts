import type { Broker } from "@chappe/broker";
import { ChappeError } from "@chappe/message";

/** A store that takes longer than this for a round trip is as good as away. */
const PING_TIMEOUT_MS = 2_000;

/** While the store is away it is asked this often, so that the router is soon back. */
const RETRY_MS = 500;

/** A store that was made a moment ago may still be connecting: it has this long before it is said to be away. */
const STARTUP_MS = 1_000;

/** How often it is asked within that time. */
const STARTUP_RETRY_MS = 25;

/** Told when the answer changes: undefined while the store answers, else why it does not. */
export type ReadinessListener = (error: ChappeError | undefined) => void;

/** Knows, from a real round trip now and then, whether the store answers. */
export class Readiness {
  readonly #broker: Broker;
  readonly #intervalMs: number;
  readonly #onChange: ReadinessListener;
  #ready: boolean | undefined;
  #error: ChappeError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(broker: Broker, intervalMs: number, onChange: ReadinessListener) {
    this.#broker = broker;
    this.#intervalMs = intervalMs;
    this.#onChange = onChange;
  }

  /** Why the store did not answer last time; undefined when it did. */
  get error(): ChappeError | undefined {
    return this.#error;
  }

  /** Makes round trips from now on. Resolves when it is known whether the store answers, after a second or so at most. */
  async start(): Promise<void> {
    const deadline = performance.now() + STARTUP_MS;
    let error = await pingError(this.#broker);
    while (error !== undefined && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, STARTUP_RETRY_MS));
      error = await pingError(this.#broker);
    }
    this.#note(error);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #check(): Promise<void> {
    this.#note(await pingError(this.#broker));
  }

  #note(error: ChappeError | undefined): void {
    if (this.#stopped) return;
    const ready = error === undefined;
    this.#error = error;
    if (ready !== this.#ready) {
      this.#ready = ready;
      this.#onChange(error);
    }
    const waitMs = ready ? this.#intervalMs : Math.min(RETRY_MS, this.#intervalMs);
    this.#timer = setTimeout(() => void this.#check(), waitMs).unref();
  }
}

async function pingError(broker: Broker): Promise<ChappeError | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<ChappeError>((resolve) => {
    const error = new ChappeError("UNAVAILABLE", `the store did not answer a ping within ${PING_TIMEOUT_MS} ms`);
    timer = setTimeout(() => resolve(error), PING_TIMEOUT_MS);
  });
  try {
    return await Promise.race([broker.ping().then(() => undefined), timeout]);
  } catch (error) {
    return ChappeError.from(error);
  } finally {
    clearTimeout(timer);
  }
}
