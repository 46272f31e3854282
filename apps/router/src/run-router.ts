import { createBroker, createMemoryBackend, type Store } from "@chappe/broker";
import { connectRedisStore } from "@chappe/broker-redis";
import { ChappeError } from "@chappe/message";
import { type RouterOptions, startRouter } from "@chappe/router";
import { type DestinationStream, type Logger, pino } from "pino";
import { ExitCode } from "./exit-codes.ts";
import type { RouterAppOptions } from "./options.ts";
import { readTls } from "./read-tls.ts";
import { brief, logRouterEvents } from "./router-log.ts";
import { onStopSignal } from "./stop-signals.ts";
import { logStoreEvents } from "./store-log.ts";
import { youngGenerationCollector } from "./young-generation.ts";

/** What outcomes arrived last is still told to the store within this time. */
const CLOSE_BROKER_MS = 1_000;

/** Runs a router until a signal stops it. Resolves with the exit code. */
export async function runRouter(options: RouterAppOptions, logTo: DestinationStream): Promise<number> {
  const log = pino(
    {
      level: options.logLevel,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    logTo,
  );
  const stopped = Promise.withResolvers<void>();
  const giveSignalsBack = onStopSignal((signal) => {
    log.info({ signal }, "stopping");
    stopped.resolve();
  });
  try {
    return await serve(options, log, stopped.promise);
  } catch (error) {
    const problem = ChappeError.from(error);
    log.fatal({ error: brief(problem) }, "cannot start");
    return problem.code === "INVALID_ARGUMENT" ? ExitCode.WRONG_USAGE : ExitCode.FAILED;
  } finally {
    giveSignalsBack();
  }
}

async function serve(options: RouterAppOptions, log: Logger, stopped: Promise<void>): Promise<number> {
  const credentials = readTls(options);
  const { maxAttempts, minRetryMs: minDelayMs, maxRetryMs: maxDelayMs } = options;
  const broker = createBroker({
    store: storeOf(options, log),
    retryPolicy: { maxAttempts, minDelayMs, maxDelayMs },
    onBytes: youngGenerationCollector(),
  });
  try {
    const router = await startRouter({
      ...routerOptionsOf(options),
      ...(credentials && { credentials }),
      broker,
      onEvent: logRouterEvents(log),
    });
    await stopped;
    await router.drain();
  } finally {
    await broker.close({ deadlineMs: CLOSE_BROKER_MS });
  }
  log.info("stopped");
  return ExitCode.OK;
}

function storeOf(options: RouterAppOptions, log: Logger): Store {
  if (options.store === "memory") {
    log.warn("messages are kept in memory alone, and end with this process");
    return createMemoryBackend().connect();
  }
  const { redisUrl: url, redisKeyPrefix: keyPrefix, topicRetentionMs } = options;
  return connectRedisStore({ url, keyPrefix, topicRetentionMs, instance: "router", onEvent: logStoreEvents(log) });
}

function routerOptionsOf(options: RouterAppOptions): Omit<RouterOptions, "broker"> {
  const { listen, maxMessageBytes, maxConnectionAgeMs, keepaliveMs, leaseMs, heartbeatMs, maxAttempts, drainMs } =
    options;
  const decided = { listen, maxMessageBytes, maxConnectionAgeMs, keepaliveMs, leaseMs, maxAttempts, drainMs };
  return heartbeatMs === undefined ? decided : { ...decided, heartbeatMs };
}
