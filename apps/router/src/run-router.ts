import { createBroker, createMemoryBackend, type Store } from "@chappe/broker";
import { connectRedisStore } from "@chappe/broker-redis";
import { ExitCode, onStopSignal } from "@chappe/command-line";
import { ChappeError } from "@chappe/message";
import { startAdminRouter, startRouter, tlsCredentials } from "@chappe/router";
import { createMetrics, startHttpRouter } from "@chappe/router-http";
import { type DestinationStream, type Logger, pino } from "pino";
import { logHttpEvents } from "./http-log.ts";
import type { RouterAppOptions } from "./options.ts";
import { readRedisTls, readTls } from "./read-tls.ts";
import { readVersion } from "./read-version.ts";
import { brief, logRouterEvents } from "./router-log.ts";
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
  const tls = readTls(options);
  const { maxAttempts, minRetryMs: minDelayMs, maxRetryMs: maxDelayMs } = options;
  await using running = new AsyncDisposableStack();
  const metrics =
    options.httpListen === "off"
      ? undefined
      : createMetrics({ maxAddresses: options.metricsAddresses, version: readVersion() });
  running.defer(() => metrics?.close());
  const store = storeOf(options, log);
  const engine = createBroker({
    store: metrics?.observeStore(store) ?? store,
    retryPolicy: { maxAttempts, minDelayMs, maxDelayMs },
    expired: options.expired,
    onBytes: youngGenerationCollector(),
  });
  const broker = metrics?.observeBroker(engine) ?? engine;
  running.defer(() => broker.close({ deadlineMs: CLOSE_BROKER_MS }));
  const grpc = running.use(
    await startRouter({
      ...servingOptionsOf(options),
      broker,
      listen: options.listen,
      maxConnectionAgeMs: options.maxConnectionAgeMs,
      keepaliveMs: options.keepaliveMs,
      ...(tls && { credentials: tlsCredentials(tls) }),
      onEvent: logRouterEvents(log),
    }),
  );
  metrics?.observeStreams("grpc", () => grpc.streams);
  const http =
    options.httpListen === "off"
      ? undefined
      : running.use(
          await startHttpRouter({
            ...servingOptionsOf(options),
            broker,
            listen: options.httpListen,
            tls,
            readiness: () => grpc.notReady,
            metrics,
            onEvent: logHttpEvents(log),
          }),
        );
  if (options.adminListen !== "off") {
    const credentials = tls && { credentials: tlsCredentials(tls) };
    const admin = running.use(
      await startAdminRouter({
        store,
        broker,
        listen: options.adminListen,
        ...credentials,
        onChange: (change) => log.warn(change, "changed by an operator"),
      }),
    );
    log.info({ address: admin.address }, `serving operators on ${admin.address}`);
  }
  await stopped;
  await Promise.all([grpc.drain(), http?.drain()]);
  await running.disposeAsync();
  log.info("stopped");
  return ExitCode.OK;
}

function storeOf(options: RouterAppOptions, log: Logger): Store {
  const { topicRetentionMs, topicRetentionBytes } = options;
  const { maxQueueMessages, maxQueueBytes, maxDeadLetters, deadLetterRetentionMs, deduplicationWindowMs } = options;
  const kept = { maxQueueMessages, maxQueueBytes, maxDeadLetters, deadLetterRetentionMs, deduplicationWindowMs };
  if (options.store === "memory") {
    log.warn("messages are kept in memory alone, and end with this process");
    // Of its bytes a topic gets its share: the memory of this process is less than a Redis'.
    return createMemoryBackend({ ...kept, retentionMs: topicRetentionMs }).connect();
  }
  const tls = readRedisTls(options);
  return connectRedisStore({
    url: options.redisUrl,
    ...(tls && { tls }),
    keyPrefix: options.redisKeyPrefix,
    ...kept,
    topicRetentionMs,
    topicRetentionBytes,
    durabilityTimeoutMs: options.durabilityTimeoutMs,
    instance: "router",
    onEvent: logStoreEvents(log),
  });
}

/** What both ways to reach the broker have in common. */
function servingOptionsOf(options: RouterAppOptions) {
  const { maxMessageBytes, leaseMs, heartbeatMs, maxAttempts, drainMs } = options;
  return { maxMessageBytes, leaseMs, maxAttempts, drainMs, ...(heartbeatMs !== undefined && { heartbeatMs }) };
}
