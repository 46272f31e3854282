/**
 * Passes a consumer's credit on to the broker little by little.
 *
 * The broker fetches as much as it has credit for. A consumer may grant a gigabyte and then not read; with the window,
 * what waits for it in this process stays below `windowBytes`. The broker is never given more than the consumer granted.
 */
export class CreditWindow {
  readonly #windowBytes: number;
  /** Granted by the consumer, not passed on yet. */
  #waitingBytes = 0;
  /** Passed on, not sent yet. Below zero when a single message larger than the credit was sent. */
  #openBytes = 0;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
  }

  /** Adds the consumer's credit. Returns how many bytes to pass on now. */
  grant(bytes: number): number {
    this.#waitingBytes += bytes;
    return this.#pass();
  }

  /** Bytes have left for the consumer. Returns how many to pass on now: often 0, for a few large grants cost less. */
  sent(bytes: number): number {
    this.#openBytes -= bytes;
    return this.#openBytes * 2 > this.#windowBytes ? 0 : this.#pass();
  }

  #pass(): number {
    const bytes = Math.min(this.#waitingBytes, Math.max(0, this.#windowBytes - this.#openBytes));
    this.#waitingBytes -= bytes;
    this.#openBytes += bytes;
    return bytes;
  }
}
