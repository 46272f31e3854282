import { isReplayable, type Replayable, type Store } from "../store.ts";

/** A store whose subscriptions can be moved. @throws Error when it has not what it declares */
export function replayable(store: Store): Store & Replayable {
  if (!isReplayable(store)) throw new Error('the store declares "replay" but is not Replayable');
  return store;
}
