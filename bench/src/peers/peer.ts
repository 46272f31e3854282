import type { System } from "../end-to-end/system.ts";

/** What a message that was answered for survives. */
export const DURABILITIES = ["crash", "fsync"] as const;

/**
 * - `crash`: the end of any process, also by SIGKILL. A power failure may cost the last moments.
 * - `fsync`: a power failure too: the answer comes after the disk has it.
 */
export type Durability = (typeof DURABILITIES)[number];

/** What of a peer was found on this machine, and how it is run. */
export interface FoundPeer {
  /** Name and version of its server. */
  readonly server: string;
  /** Name and version of its client. */
  readonly client: string;
  /** What is set, in a line for people. */
  readonly settings: string;
  /** Starts it, with one program that sends and one that receives. Nothing is sent yet. */
  readonly start: () => Promise<System>;
}

/** A system that Chappe is compared with, or Chappe itself. */
export interface Peer {
  /** The first part of its cases' names. */
  readonly name: string;
  /** How many callers wait for one message each when as many as will go are sent. */
  readonly concurrency: number;
  /** Whether it can be run without downloading or building anything first: then a test does. */
  atHand(): boolean;
  /**
   * Finds its parts; downloads or builds those that can be.
   *
   * @throws MissingPart when one cannot be had, with what to do about it
   */
  find(durability: Durability): Promise<FoundPeer>;
}
