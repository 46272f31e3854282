import { waitFor } from "@chappe/testing";

/** Waits for a condition, which may reject until then. @returns whether it came true in time */
export async function comesTrue(condition: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  return waitFor(condition, { deadlineMs }).then(
    () => true,
    () => false,
  );
}
