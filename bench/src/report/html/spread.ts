/** Moves values apart, so that none is nearer to another than `gap`, and their middle stays. They keep their order. */
export function spread(values: readonly number[], gap: number): number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const moved: number[] = [];
  for (const { value } of order) moved.push(Math.max(value, (moved.at(-1) ?? Number.NEGATIVE_INFINITY) + gap));
  const shift =
    order.reduce((sum, { value }, rank) => sum + (moved[rank] ?? value) - value, 0) / Math.max(1, order.length);
  const placed: number[] = [];
  order.forEach(({ index }, rank) => (placed[index] = (moved[rank] ?? 0) - shift));
  return placed;
}
