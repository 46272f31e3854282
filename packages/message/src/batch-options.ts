import { parseAddress } from "./address.ts";
import { ChappeError } from "./chappe-error.ts";
import type { MessageInput } from "./message-input.ts";
import { checkName } from "./name.ts";
import { checkOptionText } from "./option-text.ts";

/** What the messages of a batch must have in common. */
export interface BatchOptions {
  readonly sender: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** @default "" (no key) */
  readonly orderingKey?: string | undefined;
  /** @default 0 (for ever) */
  readonly ttlMs?: number | undefined;
  /** Milliseconds since 1970-01-01 UTC. @default 0 (at once) */
  readonly deliverAtMs?: number | undefined;
  /** Only for a batch of one message: 1 to 200 bytes. @default none */
  readonly deduplicationId?: string | undefined;
}

/** Checked batch options with every default filled in. */
export interface ResolvedBatchOptions {
  readonly sender: string;
  readonly address: string;
  readonly orderingKey: string;
  readonly ttlMs: number;
  readonly deliverAtMs: number;
  readonly deduplicationId: string;
}

/** Checks the options and fills in the defaults. @throws ChappeError INVALID_ARGUMENT that names the option at fault */
export function resolveBatchOptions(options: BatchOptions): ResolvedBatchOptions {
  const { sender, address, orderingKey = "", ttlMs = 0, deliverAtMs = 0, deduplicationId } = options;
  checkName(sender, "sender");
  parseAddress(address);
  checkOptionText(orderingKey, "orderingKey");
  checkMilliseconds(ttlMs, "ttlMs");
  checkMilliseconds(deliverAtMs, "deliverAt");
  if (deduplicationId !== undefined) checkDeduplicationId(deduplicationId);
  return { sender, address, orderingKey, ttlMs, deliverAtMs, deduplicationId: deduplicationId ?? "" };
}

/**
 * `deliverAt` of a message in milliseconds since 1970-01-01 UTC; 0 when it is not set.
 *
 * @throws ChappeError INVALID_ARGUMENT for an invalid date, or a number that is negative or not whole
 */
export function deliverAtMsOf(deliverAt: MessageInput["deliverAt"]): number {
  if (deliverAt === undefined) return 0;
  const milliseconds = deliverAt instanceof Date ? deliverAt.getTime() : deliverAt;
  checkMilliseconds(milliseconds, "deliverAt");
  return milliseconds;
}

/**
 * Checks that a message asks for just what its batch has.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option and both values
 */
export function checkSameOptions(input: MessageInput, batch: ResolvedBatchOptions): void {
  refuseOther("orderingKey", input.orderingKey ?? "", batch.orderingKey);
  refuseOther("ttlMs", input.ttlMs ?? 0, batch.ttlMs);
  refuseOther("deliverAt", deliverAtMsOf(input.deliverAt), batch.deliverAtMs);
  refuseOther("deduplicationId", input.deduplicationId ?? "", batch.deduplicationId);
}

function refuseOther(option: string, own: string | number, batch: string | number): void {
  if (own === batch) return;
  const [ownText, batchText] = [JSON.stringify(own), JSON.stringify(batch)];
  throw new ChappeError("INVALID_ARGUMENT", `${option} ${ownText} in a batch whose ${option} is ${batchText}`);
}

function checkDeduplicationId(deduplicationId: string): void {
  checkOptionText(deduplicationId, "deduplicationId");
  if (deduplicationId !== "") return;
  throw new ChappeError("INVALID_ARGUMENT", "deduplicationId is empty; leave it out, or give 1 to 200 bytes");
}

function checkMilliseconds(value: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new ChappeError(
    "INVALID_ARGUMENT",
    `${what} ${String(value)} must be a whole number of milliseconds, 0 or more`,
  );
}
