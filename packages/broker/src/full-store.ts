import type { Administrable } from "./administrable.ts";
import type { Schedulable } from "./schedulable.ts";
import type { Inspectable, Replayable, Store } from "./store.ts";

/** A store with every power that a store may have. */
export interface FullStore extends Store, Inspectable, Schedulable, Administrable, Replayable {}
