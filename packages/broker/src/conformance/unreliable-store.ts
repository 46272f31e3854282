import { ChappeError } from "@chappe/message";
import type { Store } from "../store.ts";

/** Calls that fail before they take effect, and those that may also fail after, so that only their answer is lost. */
const FAILS_AFTER: Readonly<Record<string, boolean>> = {
  append: true,
  open: true,
  settle: true,
  claim: false,
  sweep: false,
  turns: true,
  reserve: true,
  leave: true,
};

/** A store behind a bad connection: a share of its calls rejects with UNAVAILABLE, before or after it has taken effect. */
export function unreliable(store: Store, random: () => number, share: number): Store {
  return new Proxy(store, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== "function") return member;
      const mayFailAfter = typeof key === "string" ? FAILS_AFTER[key] : undefined;
      if (mayFailAfter === undefined) return member.bind(target);
      return async (...parameters: unknown[]): Promise<unknown> => {
        if (random() < share) throw new ChappeError("UNAVAILABLE", `the connection broke before ${String(key)}`);
        const answer: unknown = await Reflect.apply(member, target, parameters);
        if (mayFailAfter && random() < share)
          throw new ChappeError("UNAVAILABLE", `the connection broke after ${String(key)}`);
        return answer;
      };
    },
  });
}
