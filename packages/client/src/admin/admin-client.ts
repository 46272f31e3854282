import { ChappeError, checkStartFrom, type StartFrom } from "@chappe/message";
import {
  adminProtoPath,
  type AdminGrpcType,
  type DeadLetterSelection__Output,
  type ListAddressesResponse__Output,
  type ListDeadLettersResponse__Output,
  loaderOptions,
  type PeekResponse__Output,
  type SeekRequest,
  type WorkDone__Output,
} from "@chappe/proto";
import { type ClientUnaryCall, type CallOptions, loadPackageDefinition, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { errorFromStatus } from "../grpc-status.ts";
import { type AdminOptions, type ResolvedAdminOptions, resolveAdminOptions } from "./admin-options.ts";
import {
  type AddressView,
  addressView,
  type DeadLetterView,
  deadLetterView,
  type WaitingView,
  waitingView,
} from "./admin-views.ts";

/** A subscription, by its address. */
export interface SubscriptionPlace {
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Of a topic; a receiver has just one, without a name. */
  readonly subscription?: string | undefined;
}

/** Which dead letters; all, unless something is said. With both, those that match both. */
export interface DeadLetterChoice {
  /** As {@link DeadLetterView.id} names them; at most 1,000. Those that are not there are passed over. */
  readonly ids?: readonly string[] | undefined;
  /** Those whose reason contains this text. */
  readonly reason?: string | undefined;
}

/** A body may be 64 MiB. */
const MAX_RECEIVE_BYTES = 72 * 1_048_576;

/**
 * Makes a client for operators, of the address at which a router serves `chappe.v1.AdminService`. Nothing is connected
 * yet: the first call does that.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the option, its value and what is allowed
 */
export function connectAdmin(options: AdminOptions = {}): AdminClient {
  return new AdminClient(resolveAdminOptions(options));
}

/**
 * Sees what is stuck, and repairs it. Methods reject with ChappeError: INVALID_ARGUMENT for names outside the grammar,
 * NOT_FOUND for what is not there, UNAVAILABLE when the router or its store cannot be reached.
 */
export class AdminClient implements Disposable {
  readonly #client: InstanceType<AdminGrpcType["chappe"]["v1"]["AdminService"]>;
  readonly #options: ResolvedAdminOptions;

  /** @internal */
  constructor(options: ResolvedAdminOptions) {
    const loaded = loadPackageDefinition(loadSync(adminProtoPath, loaderOptions));
    const { chappe } = loaded as unknown as AdminGrpcType;
    this.#client = new chappe.v1.AdminService(options.router, options.credentials, {
      "grpc.max_receive_message_length": MAX_RECEIVE_BYTES,
      "grpc.use_local_subchannel_pool": 1,
    });
    this.#options = options;
  }

  /** Every address whose name begins with `prefix`, each once, in no promised order. */
  async *addresses(prefix = ""): AsyncIterable<AddressView> {
    for (let pageToken = ""; ; ) {
      const request = { prefix, pageToken };
      const { addresses, nextPageToken } = await this.#call<ListAddressesResponse__Output>((options, done) =>
        this.#client.listAddresses(request, options, done),
      );
      for (const info of addresses) yield addressView(info);
      if (nextPageToken === "") return;
      pageToken = nextPageToken;
    }
  }

  /** One address. */
  async address(address: string): Promise<AddressView> {
    return addressView(await this.#call((options, done) => this.#client.getAddress({ address }, options, done)));
  }

  /**
   * What waits at a subscription, oldest first. Takes nothing.
   *
   * @param options `limit`: most messages, 1 to 1,000, by default 10; fewer when their bodies are large. `maxBodyBytes`: how much
   * of each body to show, by default nothing
   */
  async peek(
    place: SubscriptionPlace,
    { limit = 10, maxBodyBytes = 0 }: { readonly limit?: number; readonly maxBodyBytes?: number } = {},
  ): Promise<WaitingView[]> {
    const request = { ...placeOf(place), limit, maxBodyBytes };
    const { messages } = await this.#call<PeekResponse__Output>((options, done) =>
      this.#client.peek(request, options, done),
    );
    return messages.map(waitingView);
  }

  /** Dead letters, oldest first, without their bodies; those whose reason contains `reason`. */
  async *deadLetters(
    place: SubscriptionPlace,
    { reason = "" }: { readonly reason?: string } = {},
  ): AsyncIterable<DeadLetterView> {
    for (let pageToken = ""; ; ) {
      const request = { ...placeOf(place), reason, pageToken };
      const { deadLetters, nextPageToken } = await this.#call<ListDeadLettersResponse__Output>((options, done) =>
        this.#client.listDeadLetters(request, options, done),
      );
      yield* deadLetters.map(deadLetterView);
      if (nextPageToken === "") return;
      pageToken = nextPageToken;
    }
  }

  /** One dead letter with its whole body. */
  async deadLetter(place: SubscriptionPlace, id: string): Promise<DeadLetterView> {
    const request = { ...placeOf(place), id };
    return deadLetterView(await this.#call((options, done) => this.#client.getDeadLetter(request, options, done)));
  }

  /**
   * Puts dead letters back into their own subscription's queue, as attempt 1, oldest first; says how many. What dies again
   * meanwhile stays dead. When it rejects half-way, what is back is back, and the rest is dead still: none is lost.
   * What is back does not expire any more.
   */
  redrive(place: SubscriptionPlace, choice: DeadLetterChoice = {}): Promise<number> {
    // None named is none, not all.
    if (choice.ids?.length === 0) return Promise.resolve(0);
    return this.#work((pageToken, options, done) =>
      this.#client.redriveDeadLetters(selectionOf(place, choice, pageToken), options, done),
    );
  }

  /** Deletes dead letters; says how many. */
  purgeDeadLetters(place: SubscriptionPlace, choice: DeadLetterChoice = {}): Promise<number> {
    if (choice.ids?.length === 0) return Promise.resolve(0);
    return this.#work((pageToken, options, done) =>
      this.#client.purgeDeadLetters(selectionOf(place, choice, pageToken), options, done),
    );
  }

  /**
   * Deletes what waits at a subscription and nobody holds, retries included; says how many messages. Delayed messages are no
   * subscription's yet: they stay.
   */
  purge(place: SubscriptionPlace): Promise<number> {
    return this.#work((pageToken, options, done) =>
      this.#client.purgeMessages({ ...placeOf(place), pageToken }, options, done),
    );
  }

  /** Deletes the delayed messages of an address, and frees their deduplication ids; says how many. */
  purgeDelayed(address: string): Promise<number> {
    return this.#work((pageToken, options, done) =>
      this.#client.purgeDelayedMessages({ address, pageToken }, options, done),
    );
  }

  /**
   * Moves a topic's subscription to a position in what the topic keeps. What its consumers hold is taken from them, and
   * waiting retries are dropped; dead letters stay. What comes again looks as it did the first time. FAILED_PRECONDITION for
   * a receiver; NOT_FOUND also for a message that the topic does not keep.
   */
  async seek(place: SubscriptionPlace, position: StartFrom): Promise<void> {
    const request = { ...placeOf(place), ...seekPosition(checkStartFrom(position)) };
    await this.#call((options, done) => this.#client.seek(request, options, done));
  }

  /**
   * Deletes a topic's subscription, with its messages and dead letters. Unless `force`, FAILED_PRECONDITION for one that
   * has any, or consumers. Consumers that read it all the same make it anew, beginning with what is published then.
   */
  async deleteSubscription(
    place: SubscriptionPlace,
    { force = false }: { readonly force?: boolean } = {},
  ): Promise<void> {
    const request = { ...placeOf(place), force };
    await this.#call((options, done) => this.#client.deleteSubscription(request, options, done));
  }

  /**
   * Deletes an address with all it has. Unless `force`, FAILED_PRECONDITION for one that has messages, dead letters or
   * consumers. The next publish or consumer makes it anew, with a new epoch; a sender that lives sends again what it sent
   * in the last seconds, so stop senders first.
   */
  async deleteAddress(address: string, { force = false }: { readonly force?: boolean } = {}): Promise<void> {
    await this.#call((options, done) => this.#client.deleteAddress({ address, force }, options, done));
  }

  /** Ends the connection; calls under way reject. */
  close(): void {
    this.#client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #work(
    send: (pageToken: string, options: CallOptions, done: Done<WorkDone__Output>) => ClientUnaryCall,
  ): Promise<number> {
    let messages = 0;
    for (let pageToken = ""; ; ) {
      const done = await this.#call<WorkDone__Output>((options, callback) => send(pageToken, options, callback));
      messages += done.messages;
      if (done.nextPageToken === "") return messages;
      pageToken = done.nextPageToken;
    }
  }

  #call<Response>(send: (options: CallOptions, done: Done<Response>) => ClientUnaryCall): Promise<Response> {
    const { router, timeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      send({ deadline: Date.now() + timeoutMs }, (error, response) => {
        if (error !== null) reject(errorFromStatus(error, router) ?? ChappeError.from(error));
        else resolve(response as Response);
      });
    });
  }
}

type Done<Response> = (error: ServiceError | null, response?: Response) => void;

function placeOf({ address, subscription = "" }: SubscriptionPlace): { address: string; subscription: string } {
  return { address, subscription };
}

function seekPosition(position: StartFrom): SeekRequest {
  if (typeof position === "string") return { [position]: true };
  return "timeMs" in position ? { timeUnixMs: position.timeMs } : { messageId: position.messageId };
}

function selectionOf(
  place: SubscriptionPlace,
  { ids = [], reason = "" }: DeadLetterChoice,
  pageToken: string,
): DeadLetterSelection__Output {
  return { ...placeOf(place), ids: [...ids], reason, pageToken };
}
