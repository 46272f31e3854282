/** A number for people: three digits at least, and thousands apart. */
export function amount(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

/** A time for people: three digits, and the unit that keeps them short. */
export function duration(micros: number | undefined): string {
  if (micros === undefined) return "";
  if (micros < 1_000) return `${Math.round(micros)} µs`;
  const [value, unit] = micros < 1_000_000 ? [micros / 1_000, "ms"] : [micros / 1_000_000, "s"];
  return `${value >= 100 ? Math.round(value) : value.toPrecision(3)} ${unit}`;
}

/** A number of bytes for people: "100 bytes", "1 MiB", "2.75 GiB". */
export function size(bytes: number): string {
  if (bytes < 1_024) return `${Number(bytes.toPrecision(3))} bytes`;
  const exponent = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1_024 ** exponent).toPrecision(3))} ${["", "KiB", "MiB", "GiB"][exponent]}`;
}
