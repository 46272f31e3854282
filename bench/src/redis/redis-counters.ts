/** What Redis has done since it began. */
export interface RedisCounters {
  /** Commands by name, those inside scripts included. */
  readonly calls: Readonly<Record<string, number>>;
  /** Length of the append-only file; 0 without one. */
  readonly aofBytes: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Reads the answer to `INFO everything`. */
export function parseRedisInfo(info: string): RedisCounters {
  const calls: Record<string, number> = {};
  for (const [, name = "", count] of info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) calls[name] = Number(count);
  const number = (field: string) => Number(new RegExp(`^${field}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  return {
    calls,
    aofBytes: number("aof_current_size"),
    receivedBytes: number("total_net_input_bytes"),
    sentBytes: number("total_net_output_bytes"),
  };
}

/** What several servers have done together. */
export function sumOfCounters(all: readonly RedisCounters[]): RedisCounters {
  const calls: Record<string, number> = {};
  let [aofBytes, receivedBytes, sentBytes] = [0, 0, 0];
  for (const one of all) {
    for (const [name, count] of Object.entries(one.calls)) calls[name] = (calls[name] ?? 0) + count;
    aofBytes += one.aofBytes;
    receivedBytes += one.receivedBytes;
    sentBytes += one.sentBytes;
  }
  return { calls, aofBytes, receivedBytes, sentBytes };
}

/** Commands that only the measuring itself causes. */
const ownCommands = new Set(["info", "ping", "hello", "client|setinfo", "select"]);

/** What happened between two readings. */
export interface RedisDelta {
  /** All together. */
  readonly commands: number;
  /** By name, those that were called. */
  readonly calls: Readonly<Record<string, number>>;
  readonly aofBytes: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** What happened between two readings, but for what the readings themselves cost. */
export function redisDelta(before: RedisCounters, after: RedisCounters): RedisDelta {
  const calls: Record<string, number> = {};
  for (const [name, count] of Object.entries(after.calls)) {
    const more = count - (before.calls[name] ?? 0);
    if (more > 0 && !ownCommands.has(name)) calls[name] = more;
  }
  return {
    commands: Object.values(calls).reduce((sum, count) => sum + count, 0),
    calls,
    aofBytes: Math.max(0, after.aofBytes - before.aofBytes),
    receivedBytes: after.receivedBytes - before.receivedBytes,
    sentBytes: after.sentBytes - before.sentBytes,
  };
}
