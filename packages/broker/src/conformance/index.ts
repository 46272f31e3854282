// For those who write a store: hold it to the promises.
export { describeStore } from "./describe-store.ts";
export type { Harness, HarnessOptions, StoreFeatures, StoreUnderTest } from "./harness.ts";

// For whoever wants to know what is promised.
export type { PromiseCase, PromiseGroup } from "./promise.ts";
export { PROMISES, PROMISES_BY_PART, type PromisePart } from "./promises/index.ts";
