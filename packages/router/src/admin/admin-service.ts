import type {
  AddressDetails,
  Administration,
  Broker,
  KeptDeadLetter,
  PeekedEntry,
  Step,
  SubscriptionName,
} from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import type {
  AddressInfo,
  AdminServiceHandlers,
  DeadLetterInfo,
  SubscriptionInfo,
  WaitingMessage,
} from "@chappe/proto";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { toStatus } from "../grpc-status.ts";
import type { AdminChange } from "./admin-change.ts";
import {
  addressOf,
  pageOf,
  pageTokenOf,
  positionOf,
  prefixOf,
  reasonOf,
  selectionOf,
  subscriptionOf,
  within,
} from "./admin-requests.ts";
import { messageInfos } from "./message-info.ts";

/** A call does what it can within this time, then answers where to go on: well before any client's deadline. */
const WORK_MS = 2_000;

/** Messages must not wait behind a thousand questions. */
const ADDRESSES_AT_ONCE = 50;

const MAX_BODY_BYTES = 64 * 1_048_576;

/** What operators work on. */
export interface AdminTargets {
  readonly administration: Administration;
  readonly broker: Pick<Broker, "seek">;
}

/** Who is told of what operators do. */
export interface AdminListeners {
  /** Given each call's answer, which never rejects. */
  readonly onCall: (answered: Promise<unknown>) => void;
  readonly onChange: (change: AdminChange) => void;
}

/** The methods of `chappe.v1.AdminService`. */
export function adminHandlers(
  { administration, broker }: AdminTargets,
  { onCall, onChange }: AdminListeners,
): AdminServiceHandlers {
  const unary =
    <Request, Response>(answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void =>
      onCall(
        // Also what is thrown before the first await becomes a status.
        Promise.resolve()
          .then(() => answer(call.request, call))
          .then(
            (response) => callback(null, response),
            (error: unknown) => callback(toStatus(error)),
          ),
      );

  return {
    ListAddresses: unary(async (request) => {
      const { items, next } = await administration.listAddresses(prefixOf(request), pageOf(request));
      const addresses: AddressInfo[] = [];
      for (let at = 0; at < items.length; at += ADDRESSES_AT_ONCE) {
        const some = items.slice(at, at + ADDRESSES_AT_ONCE).map((address) => administration.describe(address));
        for (const details of await Promise.all(some)) if (details !== undefined) addresses.push(addressInfo(details));
      }
      return { addresses, nextPageToken: next ?? "" };
    }),

    GetAddress: unary(async (request) => {
      const address = addressOf(request);
      return addressInfo(await describe(address, administration));
    }),

    Peek: unary(async (request) => {
      const limit = within("limit", request.limit || 10, 1_000);
      const maxBodyBytes = within("max_body_bytes", request.maxBodyBytes, MAX_BODY_BYTES);
      const name = subscriptionOf(request);
      const entries = await administration.peek(name, limit);
      if (entries.length === 0) await checkThere(name, administration);
      return { messages: entries.flatMap((entry) => waitingMessages(entry, maxBodyBytes)).slice(0, limit) };
    }),

    ListDeadLetters: unary(async (request) => {
      const [name, page] = [subscriptionOf(request), { ...pageOf(request), reason: reasonOf(request) }];
      const { items, next } = await administration.listDeadLetters(name, page);
      if (items.length === 0) await checkThere(name, administration);
      return { deadLetters: items.map((letter) => deadLetterInfo(letter, 0)), nextPageToken: next ?? "" };
    }),

    GetDeadLetter: unary(async (request) => {
      const name = subscriptionOf(request);
      const letter = await administration.findDeadLetter(name, request.id);
      if (letter === undefined) throw new ChappeError("NOT_FOUND", `dead letter "${request.id}" is not there`);
      return deadLetterInfo(letter, MAX_BODY_BYTES);
    }),

    RedriveDeadLetters: unary(async (request, call) => {
      const [name, selection] = [subscriptionOf(request), selectionOf(request)];
      const done = await work(call, pageTokenOf(request), (after) => administration.redrive(name, selection, after));
      if (done.messages === 0) await checkThere(name, administration);
      onChange({ method: "RedriveDeadLetters", peer: call.getPeer(), ...name, messages: done.messages });
      return done;
    }),

    PurgeDeadLetters: unary(async (request, call) => {
      const [name, selection] = [subscriptionOf(request), selectionOf(request)];
      const done = await work(call, pageTokenOf(request), (after) =>
        administration.purgeDeadLetters(name, selection, after),
      );
      if (done.messages === 0) await checkThere(name, administration);
      onChange({ method: "PurgeDeadLetters", peer: call.getPeer(), ...name, messages: done.messages });
      return done;
    }),

    PurgeMessages: unary(async (request, call) => {
      const name = subscriptionOf(request);
      const done = await work(call, pageTokenOf(request), (after) => administration.purge(name, after));
      if (done.messages === 0) await checkThere(name, administration);
      onChange({ method: "PurgeMessages", peer: call.getPeer(), ...name, messages: done.messages });
      return done;
    }),

    PurgeDelayedMessages: unary(async (request, call) => {
      const address = addressOf(request);
      const done = await work(call, pageTokenOf(request), (after) => administration.purgeDelayed(address, after));
      if (done.messages === 0) await describe(address, administration);
      const { messages } = done;
      onChange({ method: "PurgeDelayedMessages", peer: call.getPeer(), address, subscription: "", messages });
      return done;
    }),

    Seek: unary(async (request, call) => {
      const [name, position] = [subscriptionOf(request), positionOf(request)];
      await broker.seek(name, position);
      onChange({ method: "Seek", peer: call.getPeer(), ...name, messages: undefined, position });
      return {};
    }),

    DeleteSubscription: unary(async (request, call) => {
      const name = subscriptionOf(request);
      await administration.deleteSubscription(name, { force: request.force });
      onChange({ method: "DeleteSubscription", peer: call.getPeer(), ...name, messages: undefined });
      return {};
    }),

    DeleteAddress: unary(async (request, call) => {
      const address = addressOf(request);
      await administration.deleteAddress(address, { force: request.force });
      onChange({ method: "DeleteAddress", peer: call.getPeer(), address, subscription: "", messages: undefined });
      return {};
    }),
  };
}

async function describe(address: string, administration: Administration): Promise<AddressDetails> {
  const details = await administration.describe(address);
  if (details === undefined) throw new ChappeError("NOT_FOUND", `${address} is not there: nobody has used it`);
  return details;
}

/** Where nothing is found, a name may be misspelt. @throws ChappeError NOT_FOUND */
async function checkThere({ address, subscription }: SubscriptionName, administration: Administration): Promise<void> {
  const { subscriptions } = await describe(address, administration);
  if (subscriptions.some((each) => each.subscription === subscription)) return;
  throw new ChappeError("NOT_FOUND", `${address} has no subscription "${subscription}"`);
}

/** Takes steps until all is done, the time is up, or nobody waits for the answer any more. */
async function work(
  call: { readonly cancelled: boolean },
  begin: string | undefined,
  step: (after: string | undefined) => Promise<Step>,
): Promise<{ messages: number; nextPageToken: string }> {
  const endMs = performance.now() + WORK_MS;
  let messages = 0;
  for (let after = begin; ; ) {
    const done = await step(after);
    messages += done.messages;
    if (done.next === undefined || call.cancelled || performance.now() > endMs) {
      return { messages, nextPageToken: done.next ?? "" };
    }
    after = done.next;
  }
}

function addressInfo(details: AddressDetails): AddressInfo {
  const { address, epoch, published, publishedBytes, delayed, subscriptions } = details;
  return {
    address,
    epoch,
    publishedMessages: published,
    publishedBytes,
    delayedMessages: delayed,
    subscriptions: subscriptions.map(
      (state): SubscriptionInfo => ({
        subscription: state.subscription,
        depthMessages: state.depth,
        ...(state.oldestAgeMs !== undefined && { oldestAgeMs: Math.round(state.oldestAgeMs) }),
        heldBatches: state.heldEntries,
        waitingRetries: state.waitingRetries,
        deadLetters: state.deadLetters,
        ackedMessages: state.acked,
        retriedMessages: state.retried,
        deadMessages: state.dead,
        trimmedMessages: state.trimmed,
        expiredMessages: state.expired,
        purgedMessages: state.purged,
        redrivenMessages: state.redriven,
        droppedDeadLetters: state.deadDropped,
        readingRouters: state.watchers,
        holders: state.holders.map(({ instance, heldEntries }) => ({ instance, heldBatches: heldEntries })),
      }),
    ),
  };
}

const STATES = { waiting: "WAITING", held: "HELD", retry: "RETRY" } as const satisfies Record<
  PeekedEntry["state"],
  string
>;

/** Those of an entry's messages that have no outcome yet. */
function waitingMessages(entry: PeekedEntry, maxBodyBytes: number): WaitingMessage[] {
  const { settled, state, attempt, holder = "", sinceMs } = entry;
  return messageInfos(entry, maxBodyBytes)
    .filter((_, index) => !settled.some(({ from, to }) => index >= from && index < to))
    .map((message) => ({ message, state: STATES[state], attempt, holder, sinceUnixMs: Math.round(sinceMs) }));
}

function deadLetterInfo(letter: KeptDeadLetter, maxBodyBytes: number): DeadLetterInfo {
  const { id, reason, attempts, diedAtMs } = letter;
  const [message = null] = messageInfos(letter, maxBodyBytes);
  return { id, reason, attempts, diedAtUnixMs: Math.round(diedAtMs), message };
}
