import type { Socket } from "node:net";

/** grpc-js sends GOAWAY at the age ±10 %, so that connections of one moment do not all return in one moment. */
const JITTER = 0.1;

/** What grpc-js needs to send GOAWAY at the age, and to leave the streams time after it. Nothing when the age is 0. */
export function connectionAgeOptions(maxConnectionAgeMs: number, drainMs: number): Record<string, number> {
  if (maxConnectionAgeMs === 0) return {};
  return {
    "grpc.max_connection_age_ms": maxConnectionAgeMs,
    // From the earliest GOAWAY to the latest of our own notices, then the time they give, then a little more.
    "grpc.max_connection_age_grace_ms": Math.ceil(maxConnectionAgeMs * 2 * JITTER) + drainMs + 5_000,
  };
}

/**
 * Calls `onOld` when GOAWAY has certainly been sent on a connection because of its age. New calls go elsewhere from then
 * on, but GOAWAY leaves open streams alone, and at the end of its grace they would break; they must be asked to move.
 */
export function watchConnectionAge(socket: Socket, maxConnectionAgeMs: number, onOld: (peer: string) => void): void {
  // Over a unix socket a stream does not know its connection, and all clients are on this machine.
  if (maxConnectionAgeMs === 0 || socket.remoteAddress === undefined) return;
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  const timer = setTimeout(() => onOld(peer), maxConnectionAgeMs * (1 + JITTER)).unref();
  socket.once("close", () => clearTimeout(timer));
}
