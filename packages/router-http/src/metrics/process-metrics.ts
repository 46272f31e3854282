import { monitorEventLoopDelay } from "node:perf_hooks";
import { Gauge, type Registry } from "prom-client";
import { readCounter, readGauge } from "./read-metric.ts";

const QUANTILES = [0.5, 0.9, 0.99, 1];

/** How often the delay is sampled. */
const RESOLUTION_MS = 10;

/** How late the event loop is with its timers, and what the process uses. */
export class ProcessMetrics {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  register(registry: Registry, version: string): void {
    this.#delay.enable();
    readGauge(registry, {
      name: "chappe_event_loop_delay_seconds",
      help: "How late the event loop was since the last scrape, by quantile.",
      labelNames: ["quantile"],
      read: () => {
        const readings = QUANTILES.map((quantile) => ({
          labels: { quantile: String(quantile) },
          // What Node measures is the time between samples, of which the resolution is no delay.
          value: Math.max(0, this.#delay.percentile(quantile * 100) / 1e9 - RESOLUTION_MS / 1_000),
        }));
        this.#delay.reset();
        return readings;
      },
    });
    readCounter(registry, {
      name: "process_cpu_seconds_total",
      help: "Processor time, user and system.",
      read: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    });
    readGauge(registry, {
      name: "process_resident_memory_bytes",
      help: "Memory in use.",
      read: () => process.memoryUsage.rss(),
    });
    readGauge(registry, {
      name: "process_start_time_seconds",
      help: "When the process began, seconds since 1970-01-01 UTC.",
      read: () => performance.timeOrigin / 1_000,
    });
    new Gauge({
      name: "chappe_build_info",
      help: "Always 1. Versions of this router and of Node.",
      labelNames: ["version", "node"],
      registers: [registry],
    }).set({ version, node: process.version }, 1);
  }

  close(): void {
    this.#delay.disable();
  }
}
