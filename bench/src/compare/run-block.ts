import type { Measured } from "../end-to-end/snapshot.ts";
import type { FixedWork } from "../fixed-work/fixed-works.ts";
import type { WorkDuration } from "../fixed-work/run-fixed-work.ts";
import { WorkSession } from "../fixed-work/work-session.ts";
import type { Checkout } from "./checkout.ts";

/** What one side works until it is the other's turn: shorter than most of what disturbs a machine. */
const TURN_SECONDS = 0.1;

/** The two that are compared. */
export interface Sides<Side> {
  readonly base: Side;
  readonly head: Side;
}

/**
 * Does the same work on both sides, in fresh processes that stand side by side and take turns: base, head, head, base, and
 * so on; in every other block the head begins. A processor's time does not do the same work at all times, as other programs
 * and other machines come and go on it; so each turn is held to one that is a tenth of a second away.
 *
 * @param block its number
 */
export async function runBlock(
  block: number,
  work: FixedWork,
  checkouts: Sides<Checkout>,
  { warmUpSeconds, seconds }: WorkDuration,
): Promise<Sides<Measured>> {
  await using sides = new AsyncDisposableStack();
  // At the same time: what they do once a second, they do as often while they are measured.
  const started = await Promise.allSettled(
    [checkouts.base, checkouts.head].map(async (checkout) => sides.use(await startSide(work, checkout))),
  );
  const [base, head] = started.map((start) => {
    if (start.status === "rejected") throw start.reason;
    return start.value;
  }) as [WorkSession, WorkSession];
  const order = block % 2 === 1 ? [base, head] : [head, base];
  await takeTurns(order, warmUpSeconds);
  await Promise.all(order.map((side) => side.startMeasuring()));
  await takeTurns(order, seconds);
  const [ofBase, ofHead] = await Promise.all([base.stopMeasuring(), head.stopMeasuring()]);
  await Promise.all(order.map((side) => side.finish()));
  return { base: ofBase, head: ofHead };
}

async function startSide(work: FixedWork, { programs, description }: Checkout): Promise<WorkSession> {
  try {
    return await WorkSession.start(work, programs);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${work.name} cannot be run with ${description}:\n${why}`, { cause: error });
  }
}

async function takeTurns(order: readonly WorkSession[], seconds: number): Promise<void> {
  const turns = Math.max(1, Math.round(seconds / TURN_SECONDS));
  for (let turn = 0; turn < turns; turn++) {
    for (const side of turn % 2 === 0 ? order : order.toReversed()) await side.send(seconds / turns);
  }
}
