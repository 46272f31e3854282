import type { RedisClient, Reply } from "./redis-client.ts";
import { type Fields, fieldsOf } from "./reply-fields.ts";

/** The consumer groups of a stream, as XINFO GROUPS shows them; undefined where there is no stream. @throws ChappeError */
export async function groupsOf(connection: RedisClient, stream: string): Promise<readonly Fields[] | undefined> {
  // XINFO refuses a stream that is not there.
  if ((await connection.call("EXISTS", stream)) === 0) return undefined;
  const groups = (await connection.call("XINFO", "GROUPS", stream)) as readonly Reply[];
  return groups.map(fieldsOf);
}
