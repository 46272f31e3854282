const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

/** A duration in its largest whole unit, rounded down: `3 min`. Undefined and less than nothing: `-`. */
export function durationText(ms: number | undefined): string {
  if (ms === undefined || ms < 0) return "-";
  const [unit, length] = UNITS.find(([, each]) => ms >= each) ?? ["ms", 1];
  return `${Math.floor(ms / length)} ${unit}`;
}
