import type { RedisClient } from "./redis-client.ts";

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

/** Whether a text may be the id of an entry of a stream. */
export function isEntryId(text: string): boolean {
  return /^\d{1,20}-\d{1,20}$/.test(text);
}

/** Id of a stream's youngest entry; undefined where it has none. @throws ChappeError */
export async function youngestIdOf(connection: RedisClient, stream: string): Promise<string | undefined> {
  const found = await connection.call("XREVRANGE", stream, "+", "-", "COUNT", 1);
  const [youngest] = found as unknown as readonly StreamEntry[];
  return youngest === undefined ? undefined : String(youngest[0]);
}
