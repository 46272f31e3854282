import type { DeadLetterSelection as Selection, PageRequest, StartFrom, SubscriptionName } from "@chappe/broker";
import { ChappeError, checkName, checkStartFrom, MAX_REASON_BYTES, parseAddress } from "@chappe/message";
import type { SeekRequest__Output } from "@chappe/proto";

const MAX_IDS = 1_000;
const MAX_PREFIX_BYTES = 210;
const MAX_PAGE_BYTES = 1_024;

/** Where to look. @throws ChappeError INVALID_ARGUMENT for names outside the grammar, or that do not go together */
export function subscriptionOf(request: { readonly address: string; readonly subscription: string }): SubscriptionName {
  const { address, subscription } = request;
  const { kind } = parseAddress(address);
  if (kind === "topic") {
    checkName(subscription, "subscription");
  } else if (subscription !== "") {
    const problem = `subscription "${subscription}" of ${address}: a receiver has one queue, without a name`;
    throw new ChappeError("INVALID_ARGUMENT", problem);
  }
  return { address, subscription };
}

/** Where to move a subscription. @throws ChappeError INVALID_ARGUMENT for a position that is none */
export function positionOf(request: SeekRequest__Output): StartFrom {
  const { earliest = false, latest = false, timeUnixMs, messageId } = request;
  if (earliest) return "earliest";
  if (latest) return "latest";
  if (timeUnixMs !== undefined) return checkStartFrom({ timeMs: timeUnixMs });
  if (messageId !== undefined) return checkStartFrom({ messageId });
  const problem = "position: one of earliest (true), latest (true), time_unix_ms and message_id must be set";
  throw new ChappeError("INVALID_ARGUMENT", problem);
}

/** An address. @throws ChappeError INVALID_ARGUMENT outside the grammar */
export function addressOf({ address }: { readonly address: string }): string {
  parseAddress(address);
  return address;
}

/** Which page. @throws ChappeError INVALID_ARGUMENT for a size that is not allowed */
export function pageOf(request: { readonly pageSize: number; readonly pageToken: string }): PageRequest {
  return {
    limit: within("page_size", request.pageSize || 100, 1_000),
    after: pageTokenOf(request),
  };
}

/** Where to go on; undefined: at the beginning. @throws ChappeError INVALID_ARGUMENT when it is too long */
export function pageTokenOf({ pageToken }: { readonly pageToken: string }): string | undefined {
  return pageToken === "" ? undefined : notLonger("page_token", pageToken, MAX_PAGE_BYTES);
}

/** Which dead letters. @throws ChappeError INVALID_ARGUMENT for too many ids, or too long a reason */
export function selectionOf({ ids, reason }: { readonly ids: readonly string[]; readonly reason: string }): Selection {
  if (ids.length > MAX_IDS) throw new ChappeError("INVALID_ARGUMENT", `ids: ${ids.length}, at most ${MAX_IDS}`);
  return { ids: ids.length === 0 ? undefined : ids, reason: reasonOf({ reason }) };
}

/** Part of a reason; undefined: any. @throws ChappeError INVALID_ARGUMENT when it is longer than any reason */
export function reasonOf({ reason }: { readonly reason: string }): string | undefined {
  return reason === "" ? undefined : notLonger("reason", reason, MAX_REASON_BYTES);
}

/** What addresses begin with. @throws ChappeError INVALID_ARGUMENT when it is longer than any address */
export function prefixOf({ prefix }: { readonly prefix: string }): string {
  return notLonger("prefix", prefix, MAX_PREFIX_BYTES);
}

/** Returns the value. @throws ChappeError INVALID_ARGUMENT when it is larger than allowed */
export function within(field: string, value: number, max: number): number {
  if (value <= max) return value;
  throw new ChappeError("INVALID_ARGUMENT", `${field} ${value}: at most ${max}`);
}

function notLonger(field: string, text: string, maxBytes: number): string {
  within(`length of ${field}`, Buffer.byteLength(text), maxBytes);
  return text;
}
