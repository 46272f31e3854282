import type { StoreFeatures } from "./harness.ts";
import type { Stage } from "./stage.ts";

/** One promise, and how to see whether it is kept. */
export interface PromiseCase {
  /** Stable: docs/guarantees.md names it. */
  readonly name: string;
  /** What the store must have for it. */
  readonly needs: readonly (keyof StoreFeatures)[];
  /** Rejects when the promise is broken. */
  readonly prove: (stage: Stage) => Promise<void>;
}

/** Promises that belong together. */
export interface PromiseGroup {
  readonly title: string;
  readonly cases: readonly PromiseCase[];
}

/** Writes down a promise. */
export function promise(
  name: string,
  prove: (stage: Stage) => Promise<void>,
  options: { readonly needs?: PromiseCase["needs"] } = {},
): PromiseCase {
  return { name, prove, needs: options.needs ?? [] };
}
