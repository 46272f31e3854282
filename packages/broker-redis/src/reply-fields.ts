import type { Reply } from "./redis-client.ts";

/** Values by their names. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** Names and values that Redis lists in turns. */
export function fieldsOf(reply: Reply): Fields {
  const fields: Record<string, string> = {};
  const list = reply as readonly Reply[];
  for (let at = 0; at + 1 < list.length; at += 2) fields[String(list[at])] = String(list[at + 1]);
  return fields;
}
