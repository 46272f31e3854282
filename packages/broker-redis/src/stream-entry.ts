/** An entry of a stream, as XRANGE answers: its id, and its fields, names and values in turns. */
export type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[]];

/** The values of an entry, by the names of their fields. */
export function valuesOf([, fields]: StreamEntry): Readonly<Record<string, Buffer | undefined>> {
  const values: Record<string, Buffer> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) values[String(fields[at])] = fields[at + 1] as Buffer;
  return values;
}

/** When an entry of a stream came there, as its id says. Milliseconds since 1970. */
export function millisecondsOf(id: Buffer | string): number {
  return Number.parseInt(String(id), 10);
}
