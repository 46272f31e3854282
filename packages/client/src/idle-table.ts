/** Something that may be forgotten while it has nothing to do. */
export interface Forgettable {
  readonly isIdle: boolean;
}

/**
 * More than this many are kept only while they are busy: a program that answers each of its clients at an address of their
 * own must not grow for ever.
 */
const MAX_IDLE = 16_384;

/** How many old values are looked at when a new one comes: more than one, so that the table shrinks again. */
const CHECKED_PER_NEW = 4;

/** Values by name, made when they are asked for. */
export class IdleTable<Value extends Forgettable> {
  readonly #make: (name: string) => Value;
  readonly #maxIdle: number;
  readonly #values = new Map<string, Value>();
  #lastName: string | undefined;
  #lastValue: Value | undefined;

  /** @param make checks a name that is new here; what it throws, `get` throws */
  constructor(make: (name: string) => Value, maxIdle: number = MAX_IDLE) {
    this.#make = make;
    this.#maxIdle = maxIdle;
  }

  get size(): number {
    return this.#values.size;
  }

  /** Whether none has anything to do. */
  get isIdle(): boolean {
    return [...this.#values.values()].every((value) => value.isIdle);
  }

  /** The value of a name. Asking for the same one again and again does not even look it up. */
  get(name: string): Value {
    if (name === this.#lastName && this.#lastValue !== undefined) return this.#lastValue;
    const value = this.#values.get(name) ?? this.#add(name);
    this.#lastName = name;
    this.#lastValue = value;
    return value;
  }

  #add(name: string): Value {
    const value = this.#make(name);
    if (this.#values.size >= this.#maxIdle) this.#forgetIdle();
    this.#values.set(name, value);
    return value;
  }

  #forgetIdle(): void {
    let checked = 0;
    for (const [name, value] of this.#values) {
      if (checked++ === CHECKED_PER_NEW) return;
      this.#values.delete(name);
      // Not yet: to the end of the line.
      if (!value.isIdle || value === this.#lastValue) this.#values.set(name, value);
    }
  }
}
