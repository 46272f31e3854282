import { Counter, Gauge, type Registry } from "prom-client";

/** A value, or one for each combination of labels. */
export type Reading = number | readonly LabeledReading[];

/** A value with its labels. */
export interface LabeledReading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric whose values are read when somebody scrapes, so that counting costs no more than adding to a number. */
export interface ReadMetric {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: () => Reading | Promise<Reading>;
}

/** Registers a counter: its values never fall while the process runs. */
export function readCounter(registry: Registry, { name, help, labelNames = [], read }: ReadMetric): void {
  const counter: Counter = new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      const readings = labeled(await read());
      counter.reset();
      for (const { labels, value } of readings) counter.inc(labels, value);
    },
  });
}

/** Registers a gauge: its values rise and fall. What is not read is not shown. */
export function readGauge(registry: Registry, { name, help, labelNames = [], read }: ReadMetric): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      const readings = labeled(await read());
      gauge.reset();
      // Without labels there would be a zero, which nobody has measured.
      if (labelNames.length === 0 && readings.length === 0) gauge.remove();
      for (const { labels, value } of readings) gauge.set(labels, value);
    },
  });
}

function labeled(reading: Reading): readonly LabeledReading[] {
  return typeof reading === "number" ? [{ labels: {}, value: reading }] : reading;
}
