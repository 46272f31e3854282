import type { ServerResponse } from "node:http";

/** How many requests wait for the end of their answer. */
export class RequestsInFlight {
  #count = 0;
  #idle: (() => void)[] = [];

  /** Counts a request until its answer is sent, or its connection is gone. */
  add(response: ServerResponse): void {
    this.#count++;
    response.once("close", this.#remove);
  }

  /** Resolves when none is left. */
  idle(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  // One function for all requests, for it is made once.
  readonly #remove = (): void => {
    if (--this.#count > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  };
}
