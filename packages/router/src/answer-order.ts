/** A batch's place among its producer's. */
export interface Place<Answer> {
  readonly producer: string;
  answer: Answer | undefined;
  /** Whether every earlier batch of the producer has been answered. */
  isFirst: boolean;
  next: Place<Answer> | undefined;
}

/**
 * Lets the answers to each producer's batches out in the order of its batches. Producers do not wait for each other, so
 * that one whose address is slow does not hold up the rest of the stream.
 */
export class AnswerOrder<Answer extends object> {
  readonly #emit: (answer: Answer) => void;
  readonly #last = new Map<string, Place<Answer>>();

  constructor(emit: (answer: Answer) => void) {
    this.#emit = emit;
  }

  /** @param producerId empty for a batch without a producer, which waits for nobody */
  enter(producerId: Uint8Array): Place<Answer> {
    const producer = Buffer.from(producerId.buffer, producerId.byteOffset, producerId.byteLength).toString("latin1");
    const place: Place<Answer> = { producer, answer: undefined, isFirst: true, next: undefined };
    if (producer === "") return place;
    const before = this.#last.get(producer);
    if (before !== undefined) {
      before.next = place;
      place.isFirst = false;
    }
    this.#last.set(producer, place);
    return place;
  }

  /** Emits `answer`, and those behind it that it held up; or keeps it until its turn. */
  answer(place: Place<Answer>, answer: Answer): void {
    place.answer = answer;
    if (!place.isFirst) return;
    let first: Place<Answer> | undefined = place;
    while (first?.answer !== undefined) {
      this.#emit(first.answer);
      if (this.#last.get(first.producer) === first) this.#last.delete(first.producer);
      first = first.next;
    }
    if (first !== undefined) first.isFirst = true;
  }
}
