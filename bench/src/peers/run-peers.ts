import { readCommit, readEnvironment } from "../environment.ts";
import { ratiosOf } from "../ratios.ts";
import { type CaseFailure, type CaseResult, type Report, RESULT_SCHEMA } from "../result-schema.ts";
import { type ProgressOutput, SuiteProgress } from "../suite-progress.ts";
import { selectPeers } from "./all-peers.ts";
import type { FoundPeer, Peer } from "./peer.ts";
import type { PeerOptions } from "./peer-options.ts";
import { caseName, type Load, runPeerCase } from "./run-peer-case.ts";
import { MissingPart } from "./server/missing-part.ts";

/** What to compare, and how. */
export interface PeersRun {
  /** Which systems; undefined: all. */
  readonly pattern: RegExp | undefined;
  readonly options: PeerOptions;
  readonly output: ProgressOutput;
}

interface Contestant {
  readonly peer: Peer;
  readonly found: FoundPeer;
}

/** Starting and stopping servers, and what is under way when sending ends. */
const SECONDS_AROUND = 3;

/**
 * Puts the same loads on Chappe and its peers, load by load, so that what is compared ran close together. A system that
 * this machine lacks is a gap in the report; a case in which a system gives up does not keep the others from running.
 */
export async function runPeers({ pattern, options, output }: PeersRun): Promise<Report> {
  const environment = await readEnvironment();
  const { contestants, gaps } = await gather(selectPeers(pattern), options);
  const results: CaseResult[] = [];
  const failures: CaseFailure[] = [];
  const loads: readonly Load[] = ["max", ...options.rates];
  const cases = loads.flatMap((load) => contestants.map((contestant) => ({ ...contestant, load })));
  const seconds = options.warmUpSeconds + options.seconds + SECONDS_AROUND;
  using progress = new SuiteProgress(
    cases.map(({ peer, load }) => ({ name: caseName(peer.name, load), seconds })),
    output,
  );
  for (const { name, reason } of gaps) progress.tell(`without ${name}: ${reason}`);
  for (const { peer, found, load } of cases) {
    progress.next();
    try {
      results.push(await runPeerCase(peer, found, load, options));
    } catch (error) {
      const failure = {
        name: caseName(peer.name, load),
        reason: error instanceof Error ? error.message : String(error),
      };
      failures.push(failure);
      progress.tell(`FAILED ${failure.name}: ${failure.reason}`);
    }
  }
  return {
    schema: RESULT_SCHEMA,
    commit: await readCommit(),
    environment,
    results,
    failures,
    ...(gaps.length === 0 ? {} : { gaps }),
    ratios: ratiosOf(results),
  };
}

/** Looks for every system on this machine: those that are there, and what the others lack. */
async function gather(
  peers: readonly Peer[],
  { durability }: PeerOptions,
): Promise<{ readonly contestants: Contestant[]; readonly gaps: CaseFailure[] }> {
  const contestants: Contestant[] = [];
  const gaps: CaseFailure[] = [];
  for (const peer of peers) {
    try {
      contestants.push({ peer, found: await peer.find(durability) });
    } catch (error) {
      if (!(error instanceof MissingPart)) throw error;
      gaps.push({ name: peer.name, reason: error.message });
    }
  }
  return { contestants, gaps };
}

/** Whether Chappe itself failed: it gave up under some load, or messages came to harm. */
export function chappeFailed({ results, failures }: Pick<Report, "results" | "failures">): boolean {
  const isOurs = ({ name }: { readonly name: string }) => name.startsWith("chappe/");
  const harm = results.filter(isOurs).some(({ lost, duplicates, outOfOrder }) => lost + duplicates + outOfOrder > 0);
  return harm || failures.some(isOurs);
}
