import type { Destination, Reading } from "./destinations.ts";

/** What a sender program sends through. */
export interface OpenSender {
  /** Resolves when the system has answered for the message. The body is the caller's again from then on. */
  send(destination: Destination, body: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

/** What a receiver program receives through. */
export interface OpenReceiver {
  close(): Promise<void>;
}

/** What a receiver program is to read. */
interface ReceiverRequest {
  /** Number of the program among the receiver programs. */
  readonly program: number;
  readonly destinations: readonly Destination[];
  readonly readings: readonly Reading[];
  /** Whether the program is one client, or each reading is. */
  readonly connections: "per-program" | "per-receiver";
  /** Told each body, and the index of the reading that got it; the message is settled after that. */
  readonly onBody: (reading: number, body: Uint8Array) => void;
}

/** One messaging system, as sender and receiver programs use it. */
export interface SystemClient {
  /** @param sender number of the program among the sender programs */
  openSender(addresses: readonly string[], sender: number): Promise<OpenSender>;
  /** Resolves when messages sent from now on will arrive. */
  openReceiver(addresses: readonly string[], request: ReceiverRequest): Promise<OpenReceiver>;
}

/** The client that a module exports as `client`: each program loads that of one system alone. */
export async function loadSystemClient(module: string): Promise<SystemClient> {
  const { client } = (await import(module)) as { readonly client: SystemClient };
  return client;
}
