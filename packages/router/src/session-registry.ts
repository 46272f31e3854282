import { ChappeError } from "@chappe/message";
import type { Session } from "./session.ts";

/** A stream that was told to end has this long until it is given up: its client may not be reading. */
const LAST_FRAME_MS = 1_000;

/** Which calls are open, so that they can be asked to leave. */
export class SessionRegistry {
  readonly #sessions = new Set<Session>();
  readonly #unary = new Set<Promise<unknown>>();
  #isLeaving = false;

  /** Streams open now. */
  get size(): number {
    return this.#sessions.size;
  }

  add(session: Session): void {
    this.#sessions.add(session);
    void session.gone.then(() => this.#sessions.delete(session));
    // It was under way when its client was told to open no more.
    if (this.#isLeaving) session.close(leaving());
  }

  /** Tells every stream that the store was lost from sight. */
  noteInterruption(): void {
    for (const session of this.#sessions) session.noteInterruption?.();
  }

  /** Keeps a unary call in mind until it is answered. `answered` must not reject. */
  addUnary(answered: Promise<unknown>): void {
    this.#unary.add(answered);
    void answered.then(() => this.#unary.delete(answered));
  }

  /**
   * Asks every stream to leave, and ends at `drainMs` those that have not. Resolves with how many are still there: their
   * clients read nothing any more.
   */
  async drain(drainMs: number): Promise<number> {
    this.#isLeaving = true;
    const sessions = [...this.#sessions];
    for (const session of sessions) session.drain();
    await before(drainMs, [...sessions.map(({ gone }) => gone), ...this.#unary]);
    return this.close();
  }

  /** Asks the streams of one connection to leave, and ends at `drainMs` those that have not. */
  async drainPeer(peer: string, drainMs: number): Promise<void> {
    const sessions = [...this.#sessions].filter((session) => session.peer === peer);
    for (const session of sessions) session.drain();
    await before(
      drainMs,
      sessions.map(({ gone }) => gone),
    );
    for (const session of sessions) session.close(leaving());
  }

  /** Ends every stream now. Resolves with how many are still there. */
  async close(): Promise<number> {
    this.#isLeaving = true;
    const sessions = [...this.#sessions];
    for (const session of sessions) session.close(leaving());
    await before(
      LAST_FRAME_MS,
      sessions.map(({ gone }) => gone),
    );
    return this.#sessions.size;
  }
}

/** Resolves when all of `promises` have, or after `ms`. */
async function before(ms: number, promises: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.all(promises), timeout]);
  clearTimeout(timer);
}

function leaving(): ChappeError {
  return new ChappeError("UNAVAILABLE", "this router has stopped: go to another");
}
