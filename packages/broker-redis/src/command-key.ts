import type { Argument } from "./encode-command.ts";

/** Where the first key of a command stands, where that is not its first argument. */
const KEY_PLACES: Readonly<Record<string, number>> = { EVAL: 3, EVALSHA: 3, XINFO: 2, XGROUP: 2, OBJECT: 2, MEMORY: 2 };

/** Commands that any server carries out. */
const KEYLESS: ReadonlySet<string> = new Set(["PING", "TIME", "INFO", "SCRIPT", "CONFIG", "CLUSTER", "PUBSUB", "ROLE"]);

/** The first key that a command of this package touches, which says where on a cluster it goes; undefined without keys. */
export function keyOf(command: readonly Argument[]): string | undefined {
  const name = String(command[0]);
  if (KEYLESS.has(name) || (name.startsWith("EVAL") && command[2] === 0)) return undefined;
  const place = name === "XREADGROUP" ? command.indexOf("STREAMS") + 1 : (KEY_PLACES[name] ?? 1);
  return String(command[place]);
}
