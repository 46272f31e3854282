import type { Writable } from "node:stream";
import { ChappeError, type ErrorCode } from "@chappe/message";
import { Command, Redis } from "ioredis";
import { type Argument, encodeCommand } from "./encode-command.ts";
import type { RedisClient, Reply } from "./redis-client.ts";
import { outliveErrors } from "./outlive-errors.ts";
import { PrimaryConnector } from "./primary-connector.ts";
import { translateRedisError } from "./redis-errors.ts";
import { nodeName } from "./slot-map.ts";
import type { Endpoint, RedisServer, SentinelGroup } from "./store-url.ts";

/** How to reach Redis, and when to give up on a connection. */
export interface ConnectionOptions {
  readonly server: RedisServer;
  /** Who says where the server is, which is their primary then. Each time that the connection is made they are asked. */
  readonly sentinels?: SentinelGroup | undefined;
  /** Shown by `CLIENT LIST`. */
  readonly name: string;
  /** A connection that owes an answer and says nothing for this long is dropped and made anew. */
  readonly silenceMs: number;
}

/** What a {@link RedisConnection} tells its owner. */
export interface ConnectionHandlers {
  /** Commands can be sent; at first, and each time the connection is back. What is sent from here goes first. */
  onReady(): void;
  /** The connection is gone or could not be made; told once, and again when the reason is another. It is made anew. */
  onLost(error: ChappeError): void;
  /** A message came on a channel that this connection is subscribed to. */
  onMessage?(channel: string, message: Buffer): void;
  /** A node of a cluster has ended a subscription by itself: it serves the channel's slot no longer. */
  onMoved?(): void;
}

/** How often a connection is looked at within `silenceMs`. */
const LOOKS_PER_SILENCE = 4;

const MAX_RECONNECT_MS = 2_000;

/**
 * One connection to Redis, kept up. Beside the connector to a primary, the only file that knows the driver.
 *
 * Commands are written in the order of the calls, all of one turn of the event loop in one write. None ever waits for a
 * connection: while there is none, and when it breaks under a command, calls reject with UNAVAILABLE at once.
 */
export class RedisConnection implements RedisClient {
  readonly #redis: Redis;
  readonly #options: ConnectionOptions;
  readonly #handlers: ConnectionHandlers;
  readonly #watchdog: NodeJS.Timeout;
  #ready = false;
  #closed = false;
  /** For messages; undefined until sentinels have named one. */
  #server: string | undefined;
  #corked = false;
  /** What has more to say before this turn's commands are written. */
  #lastWords: (() => void)[] = [];
  #lastError: unknown;
  /** The last reason told, while there is no connection. */
  #toldCode: ErrorCode | undefined;
  /** When the watchdog last ran, what it had counted then, and since when nothing more has come. */
  #look = { atMs: 0, bytes: 0, silentSinceMs: 0 };

  constructor(options: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    const { server, sentinels, silenceMs } = options;
    this.#server = sentinels === undefined ? nameOf(server) : undefined;
    const onFound = (primary: Endpoint) => (this.#server = nodeName(primary));
    this.#redis = new Redis({
      ...server,
      ...(sentinels && { Connector: PrimaryConnector.bind(null, { sentinels, server, silenceMs, onFound }) }),
      connectionName: options.name,
      connectTimeout: options.silenceMs,
      // RESP2 answers alike on every server and for every command, pub/sub included.
      protocol: 2,
      // The driver must not decide what to send again: only the store knows what is safe to repeat.
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      enableOfflineQueue: false,
      // Commands in flight fail as soon as their connection does, not at the next attempt but one.
      maxRetriesPerRequest: 0,
      // After a failover this address may lead to the new master; this connection never will.
      reconnectOnError: (error) => error.message.startsWith("READONLY"),
      // A little randomness keeps a hundred routers from coming back at the same moment.
      retryStrategy: (attempt) =>
        Math.min(MAX_RECONNECT_MS, 25 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2),
    });
    this.#redis.on("error", (error: unknown) => {
      this.#lastError = error;
    });
    outliveErrors(this.#redis);
    this.#redis.on("ready", () => this.#onReady());
    this.#redis.on("close", () => this.#onClose());
    this.#redis.on("smessageBuffer", (channel: Buffer, message: Buffer) =>
      handlers.onMessage?.(channel.toString(), message),
    );
    this.#redis.on("moved", () => handlers.onMoved?.());
    const lookMs = options.silenceMs / LOOKS_PER_SILENCE;
    this.#watchdog = setInterval(() => this.#lookAfter(lookMs), lookMs);
    this.#watchdog.unref();
  }

  /** Whether commands can be sent. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether the first attempt to connect is still under way. */
  get untried(): boolean {
    return !this.#ready && !this.#closed && this.#lastError === undefined;
  }

  /** Why nothing can be sent, while that is so. */
  get trouble(): ChappeError {
    if (this.#closed) return new ChappeError("UNAVAILABLE", "the connection to Redis is closed");
    // A wrong password is worth more to the reader than "not connected", and does not mend itself.
    if (this.#lastError !== undefined) return translateRedisError(this.#lastError, this.#server);
    return new ChappeError("UNAVAILABLE", "not connected to Redis yet");
  }

  /** Sends a command. @throws ChappeError as redis-errors.ts translates it */
  async call(...command: readonly Argument[]): Promise<Reply> {
    try {
      return await this.#send(command);
    } catch (error) {
      throw translateRedisError(error);
    }
  }

  /**
   * Sends commands that Redis carries out together or, when it refuses one, not at all. Answers each of them.
   *
   * @throws ChappeError as redis-errors.ts translates the first refusal
   */
  async transaction(commands: readonly (readonly Argument[])[]): Promise<readonly Reply[]> {
    let refusal: unknown;
    const note = (error: unknown) => {
      refusal ??= error;
    };
    try {
      for (const command of [["MULTI"], ...commands]) this.#send(command).catch(note);
      const answers = (await this.#send(["EXEC"])) as readonly (Reply | Error)[];
      const failed = answers.find((answer) => answer instanceof Error);
      if (failed !== undefined) throw failed;
      return answers as readonly Reply[];
    } catch (error) {
      throw translateRedisError(refusal ?? error);
    }
  }

  /**
   * Calls back at the end of this turn of the event loop, just before its commands are written: the moment to say in one
   * command what many have asked for.
   */
  beforeWrite(speak: () => void): void {
    this.#lastWords.push(speak);
    if (!this.#corked) this.#corkForThisTurn();
  }

  leaveReplica(): void {
    this.remake(new Error("this Redis is a replica"));
  }

  /** Subscribes to shard channels, which share a slot if this is a cluster. @throws ChappeError */
  async subscribe(channels: readonly string[]): Promise<void> {
    try {
      if (!this.#ready) throw this.trouble;
      await this.#redis.ssubscribe(...channels);
    } catch (error) {
      throw translateRedisError(error);
    }
  }

  /** Ends subscriptions. @throws ChappeError */
  async unsubscribe(channels: readonly string[]): Promise<void> {
    try {
      if (!this.#ready) throw this.trouble;
      await this.#redis.sunsubscribe(...channels);
    } catch (error) {
      throw translateRedisError(error);
    }
  }

  /** Drops the connection, for a reason that the driver does not see, and makes it anew. What is under way fails. */
  remake(reason: Error): void {
    if (this.#closed || !this.#ready) return;
    this.#lastError = reason;
    this.#redis.stream.destroy();
  }

  /** Ends the connection; what is still under way fails. Harmless when repeated. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = false;
    clearInterval(this.#watchdog);
    this.#redis.disconnect();
    const { stream } = this.#redis;
    if (!stream || stream.closed) return;
    await new Promise<void>((resolve) => {
      stream.once("close", () => resolve());
      stream.destroy();
    });
  }

  #send(command: readonly Argument[]): Promise<Reply> {
    if (!this.#ready) return Promise.reject(this.trouble);
    if (!this.#corked) this.#corkForThisTurn();
    return this.#redis.sendCommand(new EncodedCommand(command)) as Promise<Reply>;
  }

  #corkForThisTurn(): void {
    // There is none before the first attempt to connect.
    const stream: Writable | undefined = this.#redis.stream;
    this.#corked = true;
    stream?.cork();
    setImmediate(() => {
      try {
        // Who speaks may let others speak after it.
        for (const speak of this.#lastWords) speak();
      } finally {
        this.#lastWords = [];
        this.#corked = false;
        stream?.uncork();
      }
    });
  }

  #onReady(): void {
    if (this.#closed) return;
    this.#ready = true;
    this.#lastError = undefined;
    this.#toldCode = undefined;
    this.#handlers.onReady();
  }

  #onClose(): void {
    this.#ready = false;
    if (this.#closed) return;
    this.#tellLost();
  }

  #tellLost(): void {
    this.#lastError ??= new Error("the connection was lost");
    const error = this.trouble;
    if (error.code === this.#toldCode) return;
    this.#toldCode = error.code;
    this.#handlers.onLost(error);
  }

  /** A socket can die without a word. One look at all of them is cheaper than a timer for each command. */
  #lookAfter(expectedMs: number): void {
    const { stream } = this.#redis;
    const now = performance.now();
    const bytes = stream?.bytesRead ?? 0;
    // When this process was stopped or busy, answers may lie in the socket unread: look again before judging.
    const late = now - this.#look.atMs > 2 * expectedMs;
    const quiet = bytes === this.#look.bytes && this.#redis.commandQueue.length > 0 && !late;
    const silentSinceMs = quiet ? this.#look.silentSinceMs : now;
    this.#look = { atMs: now, bytes, silentSinceMs };
    if (now - silentSinceMs >= this.#options.silenceMs) {
      this.#lastError = new Error(`no answer for ${Math.round(now - silentSinceMs)} ms`);
      stream.destroy();
    } else if (this.#ready && this.#redis.commandQueue.length === 0) {
      this.#redis.ping().catch(() => {});
    }
  }
}

function nameOf({ host, port, path }: RedisServer): string | undefined {
  return path ?? (host === undefined || port === undefined ? undefined : nodeName({ host, port }));
}

const BUFFER_REPLY = { replyEncoding: null } as const;

/** A command in its final bytes. The driver's own encoding copies every argument, bodies included. */
class EncodedCommand extends Command {
  readonly #chunks: readonly Uint8Array[];

  constructor(command: readonly Argument[]) {
    super(String(command[0]), [], BUFFER_REPLY);
    this.#chunks = encodeCommand(command);
  }

  override toWritable(stream: object): Buffer {
    const last = this.#chunks.length - 1;
    for (let at = 0; at < last; at++) (stream as Writable).write(this.#chunks[at]);
    return this.#chunks[last] as Buffer;
  }
}
