import type { ChappePrograms } from "../end-to-end/chappe-system.ts";
import type { Measured } from "../end-to-end/snapshot.ts";
import type { FixedWork } from "./fixed-works.ts";
import { WorkSession } from "./work-session.ts";

/** For how long to send. */
export interface WorkDuration {
  /** Before measuring, so that V8 has compiled what it will compile. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/**
 * Does a fixed work through real processes and a real Redis, and measures it.
 *
 * @throws Error when a message was lost, duplicated or out of order, or could not be sent
 */
export async function runFixedWork(
  work: FixedWork,
  { warmUpSeconds, seconds }: WorkDuration,
  programs: ChappePrograms,
): Promise<Measured> {
  await using session = await WorkSession.start(work, programs);
  await session.send(warmUpSeconds);
  await session.startMeasuring();
  await session.send(seconds);
  const measured = await session.stopMeasuring();
  await session.finish();
  return measured;
}
