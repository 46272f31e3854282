import type { Administrable } from "./administrable.ts";
import type { Schedulable } from "./schedulable.ts";
import type { Inspectable, Replayable, Store } from "./store.ts";

/** A store with every power but `Interruptible`, which needs a server that can be lost from sight. */
export interface FullStore extends Store, Inspectable, Schedulable, Administrable, Replayable {}
