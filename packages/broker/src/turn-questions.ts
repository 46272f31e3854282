import type { Dispatcher } from "./dispatcher.ts";
import type { Store, SubscriptionName } from "./store.ts";

/** What {@link TurnQuestions} need. */
export interface TurnQuestionsOptions {
  readonly store: Store;
  readonly name: SubscriptionName;
  readonly dispatcher: Dispatcher;
  /** The dispatcher has been told what the store answered. */
  readonly onAnswer: () => void;
  /** The store did not answer. */
  readonly onFailure: () => void;
}

/**
 * Asks the store how entries stand that wait for one that is not here, one question at a time: what comes up meanwhile is
 * asked next.
 */
export class TurnQuestions {
  readonly #options: TurnQuestionsOptions;
  #asking: Promise<void> | undefined;
  #askAgain = false;

  constructor(options: TurnQuestionsOptions) {
    this.#options = options;
  }

  /** Resolves when the question that is under way has its answer, or will have none. */
  get answered(): Promise<void> {
    return this.#asking ?? Promise.resolve();
  }

  /** Asks, if there is anything to ask. */
  ask(): void {
    this.#askAgain = this.#asking !== undefined;
    if (this.#askAgain) return;
    const { store, name, dispatcher, onAnswer, onFailure } = this.#options;
    const astray = dispatcher.astray();
    if (astray.length === 0) return;
    this.#asking = store.turns(name, astray).then(
      (standings) => {
        this.#asking = undefined;
        dispatcher.noteTurns(astray, standings);
        onAnswer();
        if (this.#askAgain) this.ask();
      },
      () => {
        this.#asking = undefined;
        onFailure();
      },
    );
  }
}
