import { violation } from "../end-to-end/order-checker.ts";
import type { SoakResult } from "./run-soak.ts";

/** What arrives of the rate, at least. Less is a load that nobody asked for. */
const KEPT_PART = 0.95;

/** Whether what arrived is the load that was asked for. */
export function isRateKept({ messagesPerSecond, ratePerSecond }: SoakResult): boolean {
  return messagesPerSecond >= ratePerSecond * KEPT_PART;
}

/** Whether nothing grew, no message came to harm, and the rate was kept. */
export function isSound(result: SoakResult): boolean {
  return result.growths.every(({ grew }) => !grew) && violation(result.verdict) === undefined && isRateKept(result);
}
