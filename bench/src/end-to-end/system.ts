import type { AskedProcess } from "../process/asked-process.ts";
import { MeasuredProcess } from "../process/measured-process.ts";
import type { MeasuredServers } from "../redis/measured-redis.ts";

const senderProgram = new URL("./sender-program.ts", import.meta.url);
const receiverProgram = new URL("./receiver-program.ts", import.meta.url);

/** A server of a system: whatever runs between senders and receivers. */
export interface Server {
  /** What kind of process it is. */
  readonly role: string;
  /** Its processes, as they are at the moment. */
  readonly pids: () => readonly number[];
}

/** The whole system of one case, each part a process of its own. */
export interface System extends AsyncDisposable {
  /** Module with the client that Node programs at its ends use. */
  readonly client: string;
  /** Where the system is, as its client understands it. */
  readonly addresses: readonly string[];
  readonly senders: readonly AskedProcess[];
  readonly receivers: readonly AskedProcess[];
  readonly servers: readonly Server[];
  /** Those that count what they allocate, and can be profiled: Node programs. */
  readonly metered: readonly AskedProcess[];
  /** Undefined for a system without a Redis. */
  readonly redis: MeasuredServers | undefined;
  /** Ends its servers as an operator would. */
  readonly stopServers: () => Promise<void>;
}

/**
 * Starts the Node programs at the two ends of a system, of which `stack` disposes.
 *
 * @param flags of Node and V8; @default none
 */
export function startEnds(
  stack: AsyncDisposableStack,
  { senders, receiverPrograms }: { readonly senders: number; readonly receiverPrograms: number },
  flags: readonly string[] = [],
): { readonly senders: readonly MeasuredProcess[]; readonly receivers: readonly MeasuredProcess[] } {
  const start = (role: string, program: URL) => stack.use(new MeasuredProcess(role, program, {}, flags));
  return {
    senders: Array.from({ length: senders }, () => start("sender", senderProgram)),
    receivers: Array.from({ length: receiverPrograms }, () => start("receiver", receiverProgram)),
  };
}

/** A Redis, or all nodes of a cluster, as a server of a system. */
export function redisServer({ pids }: MeasuredServers): Server {
  return { role: "redis", pids: () => pids };
}

/** A program that was started for a case as a server of its system. */
export function programServer({ role, pid }: AskedProcess): Server {
  return { role, pids: () => [pid] };
}
