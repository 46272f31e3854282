import { optionsFor } from "../bench-case.ts";
import type { CaseOptions } from "../case-options.ts";
import type { CaseResult } from "../result-schema.ts";
import { startChappeSystem } from "./chappe-system.ts";
import { stopSystem } from "./drive-programs.ts";
import { measureSystem } from "./measure-system.ts";
import { requireUnharmed } from "./order-checker.ts";
import type { ProfileRequest } from "./take-profiles.ts";

/** What to run. */
export interface EndToEndRun {
  readonly name: string;
  readonly options: CaseOptions;
  /** @default none */
  readonly profile?: ProfileRequest | undefined;
}

/**
 * Sends, routes, receives and settles messages through real processes and a real Redis, and measures it.
 *
 * @throws Error when a message was lost, duplicated or out of order, or could not be sent
 */
export async function runEndToEnd({ name, options, profile }: EndToEndRun): Promise<CaseResult> {
  await using system = await startChappeSystem(options);
  const { result, verdict } = await measureSystem(system, options, { profile });
  requireUnharmed(verdict);
  await stopSystem(system);
  return { name, ...result, options: optionsFor("end-to-end", options) };
}
