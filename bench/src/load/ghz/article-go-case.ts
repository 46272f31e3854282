import { fileURLToPath } from "node:url";
import type { BenchCase } from "../../bench-case.ts";
import { redisServer } from "../../end-to-end/system.ts";
import { startArticleGoServer } from "../../peers/article-go/start-article-go-server.ts";
import { processUsageReader } from "../../process/process-usage.ts";
import { startMeasuredRedis } from "../../redis/measured-redis.ts";
import type { CaseResult } from "../../result-schema.ts";
import { base64Body } from "../body-number.ts";
import type { GhzOptions } from "../load-options.ts";
import { requireLoadTool } from "../tools/find-load-tool.ts";
import { ghz } from "../tools/load-tool.ts";
import { GHZ_CALL_NUMBER, runGhz } from "./run-ghz.ts";

const proto = fileURLToPath(new URL("../../../peers/article-go/article.proto", import.meta.url));

/**
 * The article's server in Go under the same client: what a stock client gets from the simplest thing that could work, which
 * keeps nothing from being lost. Nobody receives, and nothing is checked but that each call is answered with OK.
 *
 * @throws Error that says how to get ghz when there is none
 */
export function articleGoCase(options: GhzOptions): BenchCase {
  requireLoadTool(ghz);
  const { warmUpSeconds, seconds } = options;
  const name = "article-go/load/ghz/unary";
  return { kind: "load", name, seconds: warmUpSeconds + seconds, run: () => callArticleGo(name, options) };
}

async function callArticleGo(name: string, options: GhzOptions): Promise<CaseResult> {
  const { aof, bodyBytes, concurrency, connections, messages, rate, seconds, warmUpSeconds } = options;
  await using redis = await startMeasuredRedis(aof);
  await using server = await startArticleGoServer(redis.port);
  const call = (calls: number, forSeconds: number) =>
    runGhz({
      target: server.address,
      proto,
      call: "article.MessageService/Send",
      data: JSON.stringify({ sender: "ghz", receiver: "receiver-01", text: base64Body(GHZ_CALL_NUMBER, bodyBytes) }),
      ...{ concurrency, connections, rate, calls, seconds: forSeconds },
    });
  if (warmUpSeconds > 0) await call(0, warmUpSeconds);
  const usageOf = processUsageReader();
  const usedBy = () =>
    [server, redisServer(redis)].map(({ role, pids }) => {
      const cpuMicros = pids().reduce((sum, pid) => sum + usageOf(pid).cpuMicros, 0);
      return [role, cpuMicros] as const;
    });
  const before = usedBy();
  const { answered, callsPerSecond, latencyMicros } = await call(messages, seconds);
  const perCall = usedBy().map(([role, micros], index) => {
    const used = (micros - (before[index]?.[1] ?? 0)) / Math.max(1, answered);
    return [role, Math.round(used * 1_000) / 1_000] as const;
  });
  return {
    name,
    messagesPerSecond: Math.round(callsPerSecond),
    cpuMicrosPerMessage: perCall.reduce((sum, [, micros]) => sum + micros, 0),
    cpuMicrosPerMessageByProcess: Object.fromEntries(perCall),
    latencyMicros,
    generatorLatenessMicros: null,
    lost: 0,
    duplicates: 0,
    outOfOrder: 0,
    counters: {},
    options,
  };
}
