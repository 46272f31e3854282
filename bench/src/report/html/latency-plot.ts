import { axisX, axisY, dot, gridX, link, text } from "@observablehq/plot";
import type { CaseResult, Percentiles } from "../../result-schema.ts";
import { duration } from "../figure-text.ts";
import type { Markup } from "./markup.ts";
import { draw, heightOfRows, NAMES_WIDTH, type Palette } from "./plot-frame.ts";
import { type ResultGroup, shortName, systemOf } from "./result-groups.ts";

/** The percentiles of every plot, with their marks. */
export const PERCENTILES = [
  { of: "p50", label: "p50", symbol: "circle" },
  { of: "p99", label: "p99", symbol: "diamond" },
  { of: "p999", label: "p99.9", symbol: "triangle" },
  { of: "max", label: "max", symbol: "times" },
] as const satisfies readonly { of: keyof Percentiles; label: string; symbol: string }[];

/** Nothing is quicker on this scale, and zero has no place on a log scale. */
const LEAST_MICROS = 1;

/** What a latency of nothing can be drawn as. */
export function drawable(micros: number): number {
  return Math.max(LEAST_MICROS, micros);
}

/** Powers of ten that a log scale of latencies has ticks at. */
export function decades(micros: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...micros)));
  const last = Math.ceil(Math.log10(Math.max(...micros)));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

/** Latencies of each case that has some, from the median to the worst, on a log scale. Undefined when none has. */
export function latencyPlot({ title, results }: ResultGroup, colours: Palette): Markup | undefined {
  const measured = results.filter(hasLatency);
  if (measured.length === 0) return undefined;
  const rows = measured.map((result) => {
    const { p50, max } = result.latencyMicros;
    return { name: shortName(result), system: systemOf(result), from: drawable(p50), to: drawable(max) };
  });
  const dots = measured.flatMap((result) =>
    PERCENTILES.map(({ of, label }) => ({
      name: shortName(result),
      system: systemOf(result),
      percentile: label,
      micros: drawable(result.latencyMicros[of]),
      label: `${shortName(result)}, ${label}: ${duration(result.latencyMicros[of])}`,
    })),
  );
  const ticks = decades(dots.map(({ micros }) => micros));
  const fontVariant = "tabular-nums";
  return draw(`Latency percentiles of each case. ${title}`, {
    height: heightOfRows(rows.length),
    marginLeft: NAMES_WIDTH,
    marginRight: 80,
    marginBottom: 46,
    // Room for the median to be written left of it.
    x: { type: "log", domain: [ticks[0], ticks.at(-1)], insetLeft: 60 },
    y: { domain: rows.map(({ name }) => name), type: "point", padding: 0.6 },
    color: { domain: colours.domain, range: colours.range },
    symbol: { domain: PERCENTILES.map(({ label }) => label), range: PERCENTILES.map(({ symbol }) => symbol) },
    marks: [
      gridX({ ticks }),
      axisX(ticks, {
        text: shortDuration,
        label: "from the time a message was meant to be sent until its handler ran, log scale",
        labelArrow: "none",
        labelAnchor: "center",
      }),
      axisY({ label: null, tickSize: 0 }),
      link(rows, {
        x1: "from",
        x2: "to",
        y1: "name",
        y2: "name",
        stroke: "system",
        strokeWidth: 2,
        strokeOpacity: 0.5,
      }),
      dot(dots, {
        x: "micros",
        y: "name",
        symbol: "percentile",
        stroke: "system",
        fill: "system",
        r: 4.5,
        title: "label",
      }),
      text(rows, {
        x: "from",
        y: "name",
        text: (row: Row) => duration(row.from),
        textAnchor: "end",
        dx: -10,
        fontVariant,
      }),
      text(rows, {
        x: "to",
        y: "name",
        text: (row: Row) => duration(row.to),
        textAnchor: "start",
        dx: 10,
        fontVariant,
      }),
    ],
  });
}

interface Row {
  readonly from: number;
  readonly to: number;
}

/** A result with its latency. */
export type WithLatency = CaseResult & { readonly latencyMicros: Percentiles };

/** Whether a case has a latency. */
export function hasLatency(result: CaseResult): result is WithLatency {
  return result.latencyMicros !== null;
}

/** A power of ten for an axis: "1 ms", "10 ms". */
export function shortDuration(micros: number): string {
  if (micros < 1_000) return `${micros} µs`;
  return micros < 1_000_000 ? `${micros / 1_000} ms` : `${micros / 1_000_000} s`;
}
