import { encodePublishResponse, type PublishResultFrame } from "@chappe/message";

/** Answers in one frame. An error's text may have 3 KiB, and clients take frames of 4 MiB. */
const MAX_FRAME_RESULTS = 1_024;

/** Answers that wait for their frame. */
export class PublishOutbox {
  #results: PublishResultFrame[] = [];
  #storeInterrupted = false;

  /** How many answers wait. */
  get size(): number {
    return this.#results.length;
  }

  add(result: PublishResultFrame): void {
    this.#results.push(result);
  }

  /** Tells that the store was lost from sight, after the answers that came before. */
  noteInterruption(): void {
    this.#storeInterrupted = true;
  }

  /** The next frame; undefined when there is nothing to say. */
  take(): Buffer | undefined {
    if (this.#results.length === 0) return this.#takeNotice();
    const results = this.#results;
    this.#results = results.length > MAX_FRAME_RESULTS ? results.splice(MAX_FRAME_RESULTS) : [];
    return encodePublishResponse({ results });
  }

  #takeNotice(): Buffer | undefined {
    if (!this.#storeInterrupted) return undefined;
    this.#storeInterrupted = false;
    return encodePublishResponse({ results: [], storeInterrupted: true });
  }
}
