import {
  type Inspectable,
  isInspectable,
  type Store,
  type SubscriptionName,
  type SubscriptionState,
} from "../store.ts";

/** A store that says what it holds. @throws Error when it has not what it declares */
export function inspectable(store: Store): Store & Inspectable {
  if (!isInspectable(store)) throw new Error('the store declares "inspection" but is not Inspectable');
  return store;
}

/** What a store says of a subscription; undefined when it knows none of this name. */
export async function stateOf(
  store: Store,
  { address, subscription }: SubscriptionName,
): Promise<SubscriptionState | undefined> {
  const state = await inspectable(store).inspect(address);
  return state?.subscriptions.find((each) => each.subscription === subscription);
}
