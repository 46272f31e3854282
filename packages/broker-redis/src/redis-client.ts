import type { Argument } from "./encode-command.ts";

/** What Redis answers: RESP2 as it comes. Text is bytes. */
export type Reply = Buffer | number | null | readonly Reply[];

/**
 * Carries out commands: one server, or the nodes of a cluster of which each command goes to the one that serves its keys.
 * Commands on keys of one slot are carried out in the order of the calls, unless one is refused with an error.
 */
export interface RedisClient {
  /** Sends a command. @throws ChappeError as redis-errors.ts translates it */
  call(...command: readonly Argument[]): Promise<Reply>;

  /**
   * Sends commands, on keys of one slot, that Redis carries out together or, when it refuses one, not at all. Answers each
   * of them.
   *
   * @throws ChappeError as redis-errors.ts translates the first refusal
   */
  transaction(commands: readonly (readonly Argument[])[]): Promise<readonly Reply[]>;

  /**
   * Calls back at the end of this turn of the event loop, about when its commands are written: the moment to say in one
   * command what many have asked for.
   */
  beforeWrite(speak: () => void): void;

  /** What is served at `key` refuses to write, for it is a replica now: leave it, and look for the primary. */
  leaveReplica(key: string): void;
}
