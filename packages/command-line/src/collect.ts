/** Gathers the values of a flag that may be repeated, for commander. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
