import { violation } from "../end-to-end/order-checker.ts";
import { amount, size } from "../report/figure-text.ts";
import { textTable } from "../report/text-table.ts";
import { isRateKept } from "./judge-soak.ts";
import type { SoakResult, WatchedGrowth } from "./run-soak.ts";

/** The result, for people. */
export function soakTable(result: SoakResult): string {
  const { growths, verdict, minutes, ratePerSecond, messagesPerSecond } = result;
  const rows = growths.map((growth) => [
    growth.what,
    valueText(growth, growth.begin),
    valueText(growth, growth.end),
    slopeText(growth),
    growth.grew ? "grew" : "flat",
  ]);
  const table = textTable(
    ["watched", "begin", "end", "slope per hour", ""],
    ["left", "right", "right", "right", "left"],
    rows,
  );
  const sent = `${minutes} minutes at ${amount(ratePerSecond)} messages/s, ${amount(messagesPerSecond)} arrived${isRateKept(result) ? "" : ", too few"}`;
  return `${table}\n\n${sent}: ${violation(verdict) ?? "nothing lost, duplicated or out of order"}`;
}

function valueText({ unit }: WatchedGrowth, value: number): string {
  return unit === "bytes" ? size(value) : String(value);
}

function slopeText({ unit, perHour, begin }: WatchedGrowth): string {
  const sign = perHour < 0 ? "-" : "+";
  const steep = Math.abs(perHour);
  const percent = ((steep / begin) * 100).toFixed(1);
  return `${sign}${unit === "bytes" ? size(Math.round(steep)) : steep.toFixed(1)} (${sign}${percent} %)`;
}
