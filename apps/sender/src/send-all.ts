import { ChappeError } from "@chappe/message";
import type { Pace } from "./pace.ts";
import type { Tally } from "./tally.ts";

/** What a message's receipt tells. */
export interface SentMessage {
  readonly id: string;
  readonly duplicate: boolean;
}

/** How sending ended. Every message that was given to the client is settled by then. */
export type SendingEnd =
  | { readonly kind: "done" }
  /** `message` counts from 1; undefined when it could not be made. */
  | { readonly kind: "failed"; readonly message: number | undefined; readonly error: ChappeError }
  | { readonly kind: "stopped" };

/** What {@link sendAll} needs. */
export interface Sending<Message> {
  /** Messages in order, in groups of any size. */
  readonly groups: AsyncIterable<readonly Message[]>;
  /** Resolves when the message is safe. */
  readonly send: (message: Message) => Promise<SentMessage>;
  readonly pace: Pace;
  readonly tally: Tally;
  /**
   * Abort it to end sending: what is on its way is waited for, nothing more is taken. A message that fails aborts it, too;
   * whoever waits for input must listen.
   */
  readonly stop: AbortController;
  /** Called with each message that is safe. */
  readonly onSafe?: (message: SentMessage) => void;
  /**
   * How many messages may be on their way. Enough to keep the router busy, few enough to hold in memory.
   *
   * @default 8192
   */
  readonly maxUnderWay?: number;
}

/** Sends messages until they end, one fails, or `stop` says so, and waits for every one that was begun. */
export async function sendAll<Message>(sending: Sending<Message>): Promise<SendingEnd> {
  const { groups, send, pace, tally, stop, onSafe, maxUnderWay = 8192 } = sending;
  let underWay = 0;
  let failed: { readonly message: number | undefined; readonly error: ChappeError } | undefined;
  let wake: (() => void) | undefined;

  const settled = (): void => {
    underWay -= 1;
    wake?.();
  };
  const roomFor = async (limit: number): Promise<void> => {
    while (underWay > limit) await new Promise<void>((resolve) => (wake = resolve));
  };
  const start = (message: Message, dueAt: number): void => {
    tally.countSent();
    const number = tally.sent;
    underWay += 1;
    send(message).then(
      (sent) => {
        tally.countSafe(sent, dueAt);
        onSafe?.(sent);
        settled();
      },
      (error: unknown) => {
        // The earliest failure is the cause; those behind it on the same connection only follow.
        if (failed?.message === undefined || number < failed.message) {
          failed = { message: number, error: ChappeError.from(error) };
        }
        stop.abort();
        settled();
      },
    );
  };

  try {
    sending: for await (const group of groups) {
      for (const message of group) {
        if (stop.signal.aborted) break sending;
        const dueAt = pace.due(stop.signal);
        const due = typeof dueAt === "number" ? dueAt : await dueAt;
        if (underWay >= maxUnderWay) await roomFor(maxUnderWay / 2);
        if (stop.signal.aborted) break sending;
        start(message, due);
      }
    }
  } catch (error) {
    // Stopping breaks off a wait for input or for the pace.
    if (!stop.signal.aborted) failed ??= { message: undefined, error: ChappeError.from(error) };
  }
  await roomFor(0);

  if (failed !== undefined) return { kind: "failed", ...failed };
  return stop.signal.aborted ? { kind: "stopped" } : { kind: "done" };
}
