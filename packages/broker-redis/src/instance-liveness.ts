import { ChappeError } from "@chappe/message";
import type { Keys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import type { Scripts } from "./scripts.ts";

/** A sign of life is given so often within the time for which it counts: one may get lost. */
const SIGNS_PER_LIVENESS = 3;

/** For this part of the liveness an instance seen alive is not asked about again. */
const TRUST_PER_LIVENESS = 10;

/** What an {@link InstanceLiveness} needs. */
export interface LivenessOptions {
  readonly connection: RedisClient;
  readonly scripts: Scripts;
  readonly keys: Keys;
  readonly instance: string;
  readonly livenessMs: number;
  /** Redis does not let this user give signs of life, nor do what else takes a script. Told once, until it does. */
  readonly onRefused: (error: ChappeError) => void;
}

/** Says that this instance lives, by a key that expires, and tells which others do not. */
export class InstanceLiveness {
  readonly #options: LivenessOptions;
  readonly #seenAtMs = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** Until then nobody is judged. */
  #graceEndMs = 0;
  #refusal: ChappeError | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  /**
   * Gives a sign of life now, and from now on again and again. To be called whenever the connection is there anew, before
   * anything is claimed over it: whoever owns without a sign looks dead.
   *
   * @param first whether it is the first connection
   */
  begin(first: boolean): void {
    const { livenessMs } = this.#options;
    // When Redis comes back after a while, every key has expired, and the others may need a moment to find it again.
    if (!first) this.#graceEndMs = performance.now() + livenessMs;
    this.#sign();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#sign(), livenessMs / SIGNS_PER_LIVENESS);
    this.#timer.unref();
  }

  /** Why Redis does not let this user give signs of life; undefined while it does, or nobody knows. */
  get refusal(): ChappeError | undefined {
    return this.#refusal;
  }

  /** For how long whatever was asked of Redis just now is sure to find this instance alive, milliseconds. */
  get trustedMs(): number {
    const { livenessMs } = this.#options;
    return livenessMs - livenessMs / SIGNS_PER_LIVENESS;
  }

  /** Gives no more signs. The last one still counts for its time. */
  pause(): void {
    clearInterval(this.#timer);
  }

  /** Takes the sign of life away. @throws ChappeError */
  async end(): Promise<void> {
    this.pause();
    await this.#options.connection.call("DEL", this.#options.keys.liveness(this.#options.instance));
  }

  /** Those of `instances` that give no sign of life. */
  async goneAmong(instances: readonly string[]): Promise<string[]> {
    const now = performance.now();
    const trustMs = this.#options.livenessMs / TRUST_PER_LIVENESS;
    const doubtful = instances.filter((instance) => now - (this.#seenAtMs.get(instance) ?? -Infinity) > trustMs);
    if (doubtful.length === 0 || now < this.#graceEndMs) return [];
    // Nobody is gone because the server that would know cannot be asked.
    const signs = await Promise.all(
      doubtful.map((instance) =>
        this.#options.connection.call("EXISTS", this.#options.keys.liveness(instance)).catch(() => {}),
      ),
    );
    doubtful.forEach((instance, index) => {
      if (signs[index] === 1) this.#seenAtMs.set(instance, now);
      else this.#seenAtMs.delete(instance);
    });
    // Another server may have answered than the one that heard the signs.
    if (performance.now() < this.#graceEndMs) return [];
    return doubtful.filter((_, index) => signs[index] === 0);
  }

  #sign(): void {
    const { scripts, keys, instance, livenessMs } = this.#options;
    scripts.run("live", [keys.liveness(instance)], [livenessMs]).then(
      () => (this.#refusal = undefined),
      (error: unknown) => this.#onUnsigned(ChappeError.from(error)),
    );
  }

  #onUnsigned(error: ChappeError): void {
    // Else the connection is breaking, and the next one begins with a sign.
    if (error.code !== "FAILED_PRECONDITION") return;
    if (this.#refusal === undefined) this.#options.onRefused(error);
    this.#refusal = error;
  }
}
