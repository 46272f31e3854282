import type { Broker } from "@chappe/broker";
import { ChappeError } from "@chappe/message";

/** A store that takes longer than this for a round trip is as good as away. */
const PING_TIMEOUT_MS = 2_000;

/** While the store is away it is asked this often, so that the router is soon back. */
const RETRY_MS = 500;

/** Told when the answer changes: undefined while the store answers, else why it does not. */
export type ReadinessListener = (error: ChappeError | undefined) => void;

/** Knows, from a real round trip now and then, whether the store answers. */
export class Readiness {
  readonly #broker: Broker;
  readonly #intervalMs: number;
  readonly #onChange: ReadinessListener;
  #ready: boolean | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(broker: Broker, intervalMs: number, onChange: ReadinessListener) {
    this.#broker = broker;
    this.#intervalMs = intervalMs;
    this.#onChange = onChange;
  }

  /** Makes a round trip, and another ever after. Resolves after the first. */
  async check(): Promise<void> {
    const error = await pingError(this.#broker);
    if (this.#stopped) return;
    const ready = error === undefined;
    if (ready !== this.#ready) {
      this.#ready = ready;
      this.#onChange(error);
    }
    const waitMs = ready ? this.#intervalMs : Math.min(RETRY_MS, this.#intervalMs);
    this.#timer = setTimeout(() => void this.check(), waitMs).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
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
