import { resolveCaseOptions } from "../case-options.ts";
import { stopSystem } from "../end-to-end/drive-programs.ts";
import { measureSystem } from "../end-to-end/measure-system.ts";
import type { CaseResult } from "../result-schema.ts";
import type { FoundPeer, Peer } from "./peer.ts";
import type { PeerOptions } from "./peer-options.ts";
import { aofFor } from "./peer-system.ts";

/** One load: messages a second, or as many as will go. */
export type Load = number | "max";

/** More than any system here needs to keep up, and few enough for a client that cannot. */
const MOST_WAITING = 10_000;

/** The name of a case: `bullmq/throughput`, `bullmq/rate-500`. */
export function caseName(peer: string, load: Load): string {
  return load === "max" ? `${peer}/throughput` : `${peer}/rate-${load}`;
}

/**
 * Puts one load on one system, started for just that. Lost, repeated and reordered messages are counted, not judged.
 *
 * @throws Error when the system does not start, take every message, or end
 */
export async function runPeerCase(
  { name, concurrency }: Peer,
  { server, client, settings, start }: FoundPeer,
  load: Load,
  { bodyBytes, seconds, warmUpSeconds, durability }: PeerOptions,
): Promise<CaseResult> {
  const own = { bodyBytes, seconds, warmUpSeconds, rate: load, concurrency, aof: aofFor(durability) };
  await using system = await start();
  const { result } = await measureSystem(system, resolveCaseOptions(own, {}), {
    limits: { mostWaiting: MOST_WAITING },
  });
  await stopSystem(system);
  const atMax = load === "max" ? { concurrency } : {};
  const options = { bodyBytes, seconds, warmUpSeconds, rate: load, ...atMax, durability, server, client, settings };
  return { name: caseName(name, load), ...result, options };
}
