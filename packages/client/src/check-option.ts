import { ChappeError } from "@chappe/message";

/** Bounds of a numeric option, both allowed. */
export interface OptionRange {
  readonly min: number;
  readonly max: number;
}

/** Returns the value. @throws ChappeError INVALID_ARGUMENT when it is not a whole number within the range */
export function checkWhole(value: number, name: string, { min, max }: OptionRange): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new ChappeError("INVALID_ARGUMENT", `${name} ${String(value)} must be a whole number from ${min} to ${max}`);
}

/** Returns the value. @throws ChappeError INVALID_ARGUMENT when it is none of those allowed */
export function checkOneOf<Value extends string | boolean>(
  value: Value,
  name: string,
  allowed: readonly Value[],
): Value {
  if (allowed.includes(value)) return value;
  const list = allowed.map((one) => JSON.stringify(one)).join(", ");
  throw new ChappeError("INVALID_ARGUMENT", `${name} ${JSON.stringify(value)} must be one of ${list}`);
}

/** @throws ChappeError INVALID_ARGUMENT for an option that nobody knows: a misspelt one must not be lost in silence */
export function checkKnown(options: object, what: string, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `${what} has the unknown option ${JSON.stringify(key)}; known are ${known.join(", ")}`,
    );
  }
}
