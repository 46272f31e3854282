import { existsSync } from "node:fs";
import { type ProcessUsage, processUsageReader } from "../process/process-usage.ts";
import { type RedisCounters, redisDelta } from "../redis/redis-counters.ts";
import { progressOf } from "./drive-programs.ts";
import type { System } from "./system.ts";

/** What the system has done up to one moment. */
export interface Snapshot {
  readonly received: number;
  readonly atMicros: number;
  /** By kind of process, added up. */
  readonly usage: Readonly<Record<string, ProcessUsage>>;
  /** Undefined without a Redis. */
  readonly redis: RedisCounters | undefined;
}

const nothing: ProcessUsage = { cpuMicros: 0, writeCalls: 0, residentBytes: 0 };

/** Makes the taker of snapshots. @returns a function of what the receivers are asked: `mark` or `freeze` */
export function snapshotTaker(system: System): (question: "mark" | "freeze") => Promise<Snapshot> {
  const usageOf = processUsageReader();
  // What servers start for a moment may be gone before it is counted.
  const usageIfAlive = (pid: number) => (existsSync(`/proc/${pid}`) ? usageOf(pid) : nothing);
  return async (question) => {
    const redis = await system.redis?.counters();
    const progress = await progressOf(system.receivers, question);
    // Right after the count, so that both tell of the same time.
    const usage: Record<string, ProcessUsage> = {};
    for (const { role, pids } of system.servers) {
      for (const pid of pids()) usage[role] = added(usage[role], usageIfAlive(pid));
    }
    for (const { role, pid } of [...system.senders, ...system.receivers]) {
      usage[role] = added(usage[role], usageOf(pid));
    }
    return {
      received: progress.count,
      atMicros: progress.atMicros,
      usage,
      redis,
    };
  };
}

function added(sum: ProcessUsage | undefined, usage: ProcessUsage): ProcessUsage {
  if (sum === undefined) return usage;
  return {
    cpuMicros: sum.cpuMicros + usage.cpuMicros,
    writeCalls: sum.writeCalls + usage.writeCalls,
    residentBytes: sum.residentBytes + usage.residentBytes,
  };
}

/** What was measured between two snapshots. */
export interface Measured {
  readonly messagesPerSecond: number;
  readonly cpuMicrosPerMessage: number;
  readonly cpuMicrosPerMessageByProcess: Record<string, number>;
  /** For 100,000 messages handled. */
  readonly counters: Record<string, number>;
  /** Memory of each kind of process at the end. */
  readonly measures: Record<string, number>;
}

/** @param meters further counts between the two, by the names of their counters */
export function measuredBetween(before: Snapshot, after: Snapshot, meters: Readonly<Record<string, number>>): Measured {
  const messages = Math.max(1, after.received - before.received);
  const per100k = (count: number) => Math.round((count / messages) * 100_000);
  const cpu: Record<string, number> = {};
  const counters: Record<string, number> = {};
  const measures: Record<string, number> = {};
  let cpuMicros = 0;
  let writeCalls = 0;
  for (const [role, usage] of Object.entries(after.usage)) {
    const used = usage.cpuMicros - (before.usage[role]?.cpuMicros ?? 0);
    const writes = usage.writeCalls - (before.usage[role]?.writeCalls ?? 0);
    cpu[role] = rounded(used / messages);
    counters[`${role}WriteCalls`] = per100k(writes);
    measures[`${role}ResidentBytes`] = usage.residentBytes;
    cpuMicros += used;
    writeCalls += writes;
  }
  counters["writeCalls"] = per100k(writeCalls);
  if (before.redis !== undefined && after.redis !== undefined) {
    const redis = redisDelta(before.redis, after.redis);
    counters["redisCommands"] = per100k(redis.commands);
    for (const [command, calls] of Object.entries(redis.calls)) counters[`redis ${command}`] = per100k(calls);
    counters["redisAofBytes"] = per100k(redis.aofBytes);
    counters["redisReceivedBytes"] = per100k(redis.receivedBytes);
    counters["redisSentBytes"] = per100k(redis.sentBytes);
  }
  for (const [name, count] of Object.entries(meters)) counters[name] = per100k(count);
  return {
    messagesPerSecond: Math.round((messages / (after.atMicros - before.atMicros)) * 1_000_000),
    cpuMicrosPerMessage: rounded(cpuMicros / messages),
    cpuMicrosPerMessageByProcess: cpu,
    counters,
    measures,
  };
}

function rounded(micros: number): number {
  return Math.round(micros * 1_000) / 1_000;
}
