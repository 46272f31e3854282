import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Argument } from "./encode-command.ts";
import type { RedisClient, Reply } from "./redis-client.ts";
import { isNoScript } from "./redis-errors.ts";

const NAMES = [
  "ack",
  "append",
  "cancel",
  "dead-letters",
  "delete-address",
  "delete-subscription",
  "leave",
  "live",
  "memory",
  "open",
  "promote",
  "purge",
  "reserve",
  "seek",
  "settle",
  "succession",
  "take",
  "trim",
  "turns",
  "watchers",
] as const;

/** A script of src/lua, by the name of its file. */
export type ScriptName = (typeof NAMES)[number];

interface Script {
  /** Without comments: where it travels whole, they need not. */
  readonly source: string;
  readonly sha1: string;
}

/** The Lua scripts, each one atomic step. */
export class Scripts {
  readonly #connection: RedisClient;
  readonly #scripts: Readonly<Record<ScriptName, Script>>;

  constructor(connection: RedisClient) {
    this.#connection = connection;
    this.#scripts = Object.fromEntries(NAMES.map((name) => [name, readScript(name)])) as Record<ScriptName, Script>;
  }

  /** Makes a server know the scripts, ahead of what is sent after this. */
  load(server: Pick<RedisClient, "call">): void {
    for (const { source } of Object.values(this.#scripts)) {
      // What was not loaded is sent whole when it is needed.
      server.call("SCRIPT", "LOAD", source).catch(() => {});
    }
  }

  /** Runs a script. @throws ChappeError */
  async run(name: ScriptName, keys: readonly string[], args: readonly Argument[]): Promise<Reply> {
    try {
      return await this.#connection.call("EVALSHA", this.#scripts[name].sha1, keys.length, ...keys, ...args);
    } catch (error) {
      // Somebody emptied the script cache. Nothing was done, so it can be done now.
      if (!isNoScript(error)) throw error;
      return this.#connection.call(...this.inFull(name, keys, args));
    }
  }

  /**
   * The command that runs a script whether Redis knows it or not. For transactions: one command of theirs must not fail
   * alone.
   */
  inFull(name: ScriptName, keys: readonly string[], args: readonly Argument[]): readonly Argument[] {
    return ["EVAL", this.#scripts[name].source, keys.length, ...keys, ...args];
  }
}

function readScript(name: ScriptName): Script {
  const text = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");
  const lines = text.split("\n").map((line) => line.trim());
  const source = lines.filter((line) => line !== "" && !line.startsWith("--")).join("\n");
  return { source, sha1: createHash("sha1").update(source).digest("hex") };
}
