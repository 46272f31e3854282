import type { Store } from "../store.ts";
import type { StoreWrapper } from "./stage.ts";

/** A store that can be made to hear nothing of other instances. */
export interface DeafStore {
  readonly wrap: StoreWrapper;
  /** Resolves when no look-round is under way. Those that begin from now on wait. */
  readonly deafen: () => Promise<void>;
  /** Lets the look-rounds that wait go on. */
  readonly listen: () => void;
}

/** Makes a store that is told of other instances by look-rounds alone, no wake-up, and by none of them while it is deaf. */
export function deafStore(): DeafStore {
  let deafness: PromiseWithResolvers<void> | undefined;
  const looking = new Set<Promise<unknown>>();
  const wrap: StoreWrapper = (store) => {
    const replaced: Partial<Store> = {
      watch: () => () => {},
      sweep: async (name, limit) => {
        await deafness?.promise;
        const answer = store.sweep(name, limit);
        looking.add(answer);
        return answer.finally(() => looking.delete(answer));
      },
    };
    return new Proxy(store, {
      get(target, key) {
        const member: unknown = Reflect.get(replaced, key) ?? Reflect.get(target, key);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  };
  const deafen = async (): Promise<void> => {
    deafness = Promise.withResolvers();
    await Promise.allSettled(looking);
  };
  const listen = (): void => {
    deafness?.resolve();
    deafness = undefined;
  };
  return { wrap, deafen, listen };
}
