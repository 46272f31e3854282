import { type Broker, isInspectable, type Store } from "@chappe/broker";
import { Histogram, Registry } from "prom-client";
import { AddressMetrics } from "./address-metrics.ts";
import { ObservedBroker } from "./observed-broker.ts";
import { ObservedStore } from "./observed-store.ts";
import { ProcessMetrics } from "./process-metrics.ts";
import { readGauge } from "./read-metric.ts";
import { Traffic } from "./traffic.ts";
import { registerTraffic } from "./traffic-metrics.ts";

/** How to make {@link Metrics}. */
export interface MetricsOptions {
  /**
   * How many addresses show their depth and the age of their oldest message. Each costs the store about ten commands for a
   * scrape, and the monitoring a series for each subscription, up to ten times as many in all. 0: none. @default 100
   */
  readonly maxAddresses?: number;
  /** Version of the program, for `chappe_build_info`. @default "unknown" */
  readonly version?: string;
}

/** What a router shows to Prometheus. Everything is in a registry of its own. */
export interface Metrics {
  /** The same store, observed; what it holds is shown if it is `Inspectable`. Once. */
  observeStore(store: Store): Store;
  /** The same broker, observed: for all ways to reach it alike. */
  observeBroker(broker: Broker): Broker;
  /** Shows how many streams are open. @param route such as "grpc" */
  observeStreams(route: string, count: () => number): void;
  /** All metrics, in the text format of Prometheus. */
  text(): Promise<string>;
  /** Media type of the text. */
  readonly contentType: string;
  /** Stops measuring. */
  close(): void;
}

/** From a Redis on the same machine to one that is in trouble. */
const ROUND_TRIP_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

const BATCH_MESSAGES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];

/** Makes metrics. What is not observed is not shown. */
export function createMetrics({ maxAddresses = 100, version = "unknown" }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  const traffic = new Traffic();
  const streams = new Map<string, () => number>();
  const ofProcess = new ProcessMetrics();
  const batchMessages = new Histogram({
    name: "chappe_batch_messages",
    help: "Messages in each batch that was stored.",
    buckets: BATCH_MESSAGES,
    registers: [registry],
  });
  const roundTrips = new Histogram({
    name: "chappe_store_seconds",
    help: "How long the store took to answer, by call; ping is a bare round trip.",
    labelNames: ["call"],
    buckets: ROUND_TRIP_SECONDS,
    registers: [registry],
  });
  registerTraffic(registry, traffic);
  readGauge(registry, {
    name: "chappe_streams",
    help: "Streams open, by route.",
    labelNames: ["route"],
    read: () => [...streams].map(([route, count]) => ({ labels: { route }, value: count() })),
  });
  ofProcess.register(registry, version);

  return {
    observeStore(store) {
      if (maxAddresses > 0 && isInspectable(store)) new AddressMetrics(store, maxAddresses).register(registry);
      return new ObservedStore(store, traffic, (call, seconds) => roundTrips.observe({ call }, seconds));
    },
    observeBroker: (broker) => new ObservedBroker(broker, traffic, (messages) => batchMessages.observe(messages)),
    observeStreams: (route, count) => void streams.set(route, count),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => ofProcess.close(),
  };
}
