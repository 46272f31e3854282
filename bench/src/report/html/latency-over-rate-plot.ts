import { axisX, axisY, dot, frame, gridX, gridY, lineY, text } from "@observablehq/plot";
import type { CaseResult } from "../../result-schema.ts";
import { duration } from "../figure-text.ts";
import { decades, drawable, hasLatency, PERCENTILES, shortDuration } from "./latency-plot.ts";
import type { Markup } from "./markup.ts";
import { draw, type Palette } from "./plot-frame.ts";
import { systemOf } from "./result-groups.ts";
import { spread } from "./spread.ts";

const HEIGHT = 360;
const MARGIN_TOP = 40;
const MARGIN_BOTTOM = 46;
const LINE_HEIGHT = 16;
/** The maximum is one message's luck, and says nothing about a rate. */
const SHOWN = PERCENTILES.filter(({ of }) => of !== "max");

interface Point {
  readonly system: string;
  readonly rate: number;
  readonly percentile: string;
  readonly micros: number;
  readonly label: string;
}

/** How latency grows with the offered rate: a line for each system. Undefined when there are no two rates to compare. */
export function latencyOverRatePlot(results: readonly CaseResult[], colours: Palette): Markup | undefined {
  const points = pointsOf(results);
  const rates = [...new Set(points.map(({ rate }) => rate))].toSorted((a, b) => a - b);
  if (rates.length < 2) return undefined;
  const ticks = decades(points.map(({ micros }) => micros));
  const place = { x: "rate", y: "micros", fx: "percentile" };
  return draw("Latency over the offered rate, a line for each system", {
    height: HEIGHT,
    marginLeft: 60,
    marginRight: 130,
    marginTop: MARGIN_TOP,
    marginBottom: MARGIN_BOTTOM,
    insetLeft: 12,
    insetRight: 12,
    fx: { domain: SHOWN.map(({ label }) => label), label: null, padding: 0.08 },
    x: { type: "log", domain: [rates[0], rates.at(-1)] },
    y: { type: "log", domain: [ticks[0], ticks.at(-1)] },
    color: { domain: colours.domain, range: colours.range },
    marks: [
      frame({ strokeOpacity: 0.25 }),
      gridY({ ticks }),
      gridX({ ticks: rates }),
      // As texts: a log scale leaves labels out where it thinks that they crowd.
      axisX(rates, {
        text: (rate: number) => (rate < 1_000 ? String(rate) : `${rate / 1_000}k`),
        label: "messages offered each second, log scale",
        labelArrow: "none",
        labelAnchor: "center",
      }),
      axisY(ticks, { text: shortDuration, label: "latency, log scale", labelArrow: "none" }),
      lineY(points, { ...place, z: "system", stroke: "system", strokeWidth: 2 }),
      dot(points, { ...place, fill: "system", r: 4, title: "label" }),
      text(namesOf(points, ticks, rates), {
        ...place,
        text: "system",
        fill: "system",
        textAnchor: "start",
        dx: 20,
        fontWeight: 600,
      }),
    ],
  });
}

/** Of the cases named after a rate, which differ in nothing else, in the order of their rates. */
function pointsOf(results: readonly CaseResult[]): Point[] {
  const points = results.filter(hasLatency).flatMap((result) => {
    const rate = result.options["rate"];
    if (typeof rate !== "number" || !/\brate-\d+$/.test(result.name)) return [];
    const system = systemOf(result);
    return SHOWN.map(({ of, label: percentile }): Point => {
      const micros = result.latencyMicros[of];
      const label = `${system} at ${rate.toLocaleString("en-US")}/s, ${percentile}: ${duration(micros)}`;
      return { system, rate, percentile, micros: drawable(micros), label };
    });
  });
  return points.toSorted((a, b) => a.rate - b.rate);
}

/** The systems' names, right of the last panel, each where its line ends or as near to it as there is room. */
function namesOf(points: readonly Point[], ticks: readonly number[], rates: readonly number[]) {
  const percentile = SHOWN.at(-1)?.label ?? "";
  const last = new Map(points.filter((point) => point.percentile === percentile).map((point) => [point.system, point]));
  const systems = [...last.keys()];
  const pixelsPerDecade = (HEIGHT - MARGIN_TOP - MARGIN_BOTTOM) / (ticks.length - 1);
  const ends = [...last.values()].map(({ micros }) => Math.log10(micros));
  const heights = spread(ends, LINE_HEIGHT / pixelsPerDecade);
  return systems.map((system, index) => ({
    system,
    percentile,
    rate: rates.at(-1),
    micros: 10 ** (heights[index] ?? 0),
  }));
}
