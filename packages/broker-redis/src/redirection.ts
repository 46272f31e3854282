import { ChappeError } from "@chappe/message";
import type { Endpoint } from "./store-url.ts";

/**
 * Why a node of a cluster did nothing of what it was told, so that it can be told again:
 *
 * - `moved`: another node serves the slot from now on
 * - `ask`: another node has these keys, for the slot is moving there
 * - `wait`: nobody can at the moment
 */
export type Redirection =
  | { readonly kind: "moved" | "ask"; readonly slot: number; readonly endpoint: Endpoint }
  | { readonly kind: "wait" };

const WAIT = /^(TRYAGAIN|CLUSTERDOWN|LOADING|READONLY|MASTERDOWN)\b/;

/**
 * Reads a redirection out of a translated error; undefined for all other errors, after which nobody knows what was done.
 * A node that does not know its own address says none; `from` is where it was reached.
 *
 * See "Redirection and resharding" in the Redis Cluster specification.
 */
export function redirectionOf(error: unknown, from: Endpoint): Redirection | undefined {
  if (!(error instanceof ChappeError) || !(error.cause instanceof Error)) return undefined;
  const { name, message } = error.cause;
  if (name !== "ReplyError") return undefined;
  if (WAIT.test(message)) return { kind: "wait" };
  const [, word, slot, host, port] = /^(MOVED|ASK) (\d+) (\S*):(\d+)/.exec(message) ?? [];
  if (word === undefined) return undefined;
  return {
    kind: word === "ASK" ? "ask" : "moved",
    slot: Number(slot),
    endpoint: { host: host || from.host, port: Number(port) },
  };
}
