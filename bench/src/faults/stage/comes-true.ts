import { waitFor } from "@chappe/testing";

/** Conditions ask servers, or read histories: more often, and the run would take the machine from those that it watches. */
const LOOK_MS = 50;

/** Waits for a condition, which may reject until then. @returns whether it came true in time */
export async function comesTrue(condition: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  return waitFor(condition, { deadlineMs, everyMs: LOOK_MS }).then(
    () => true,
    () => false,
  );
}
