import type { FixedWork } from "../fixed-work/fixed-works.ts";
import type { WorkDuration } from "../fixed-work/run-fixed-work.ts";
import { type Checkout, temporaryCheckout } from "./checkout.ts";
import { Plant } from "./plant.ts";
import { runBlock } from "./run-block.ts";

/** A checkout with a slow-down planted into it. */
export interface SlowedCheckout extends Checkout, Disposable {
  /** To be called before each block of a work: what 10 % are depends on what its messages cost. */
  readonly prepareFor: (work: FixedWork) => Promise<void>;
}

/**
 * A commit in a temporary folder, slowed down by a share of what all processes together take for a message.
 *
 * @param base the same commit as it is, to find out what that is
 */
export async function slowedCheckout(
  commit: string,
  { base, percent, duration }: { readonly base: Checkout; readonly percent: number; readonly duration: WorkDuration },
): Promise<SlowedCheckout> {
  const checkout = await temporaryCheckout(commit, `the same, slowed down by ${percent} % on purpose`);
  try {
    const plant = new Plant(checkout.root);
    const microsByWork = new Map<FixedWork, number>();
    const prepareFor = async (work: FixedWork) => {
      let micros = microsByWork.get(work);
      if (micros === undefined) {
        plant.slowDownBy(0);
        const unslowed = await runBlock(0, work, { base, head: checkout }, duration);
        microsByWork.set(work, (micros = (unslowed.base.cpuMicrosPerMessage * percent) / 100));
      }
      plant.slowDownBy(micros);
    };
    return { ...checkout, prepareFor, [Symbol.dispose]: () => checkout[Symbol.dispose]() };
  } catch (error) {
    checkout[Symbol.dispose]();
    throw error;
  }
}
