import { axisX, axisY, barX, ruleX, text } from "@observablehq/plot";
import type { CaseResult } from "../../result-schema.ts";
import { amount } from "../figure-text.ts";
import type { Markup } from "./markup.ts";
import { draw, heightOfRows, NAMES_WIDTH, type Palette } from "./plot-frame.ts";
import { type ResultGroup, shortName } from "./result-groups.ts";

/** A share of the longest bar that a number fits into. */
const LABELLED = 0.06;

interface Segment {
  readonly colour: string | undefined;
}

/** A case this many times as costly as the next cheaper one would leave nothing to see of it: it gets a plot of its own. */
const GAP = 10;

/** The cases of a group, cheapest first, in groups that one linear scale fits. Those of which no process is known are left out. */
export function splitByCost({ kind, title, results }: ResultGroup): ResultGroup[] {
  const known = results
    .filter(({ cpuMicrosPerMessageByProcess }) => Object.keys(cpuMicrosPerMessageByProcess).length > 0)
    .toSorted((a, b) => a.cpuMicrosPerMessage - b.cpuMicrosPerMessage);
  const parts: CaseResult[][] = [];
  for (const result of known) {
    const dearest = parts.at(-1)?.at(-1)?.cpuMicrosPerMessage;
    if (dearest === undefined || result.cpuMicrosPerMessage > GAP * dearest) parts.push([]);
    parts.at(-1)?.push(result);
  }
  return parts.map((part) => {
    const range = [part[0], part.at(-1)].map((result) => amount(result?.cpuMicrosPerMessage ?? 0));
    const suffix = parts.length === 1 ? "" : `: ${[...new Set(range)].join(" to ")} µs`;
    return { kind, title: `${title}${suffix}`, results: part };
  });
}

/** CPU time for each message, by kind of process: stacked bars, in the order given. */
export function cpuPlot({ title, results }: ResultGroup, colours: Palette): Markup {
  const bars = results.map((result) => ({ name: shortName(result), micros: result.cpuMicrosPerMessage, result }));
  const longest = Math.max(...bars.map(({ micros }) => micros));
  const segments = bars.flatMap(({ name, result }) => {
    let from = 0;
    return colours.domain.flatMap((process, index) => {
      const micros = result.cpuMicrosPerMessageByProcess[process];
      if (micros === undefined) return [];
      const segment = {
        name,
        process,
        from,
        to: from + micros,
        middle: from + micros / 2,
        label: amount(micros),
        title: `${name}, ${process}: ${amount(micros)} µs`,
        // Written in the colour that stands out from the segment's own.
        colour: colours.range[index]?.replace("--", "--on-"),
        wide: micros / longest > LABELLED,
      };
      from = segment.to;
      return [segment];
    });
  });
  return draw(`CPU time for each message, by process. ${title}`, {
    height: heightOfRows(bars.length),
    marginLeft: NAMES_WIDTH,
    marginRight: 90,
    marginBottom: 46,
    x: { zero: true },
    y: { domain: bars.map(({ name }) => name) },
    color: { domain: colours.domain, range: colours.range },
    marks: [
      axisX({ label: "CPU µs for each message", ticks: 6, labelArrow: "none", labelAnchor: "center" }),
      axisY({ label: null, tickSize: 0 }),
      barX(segments, {
        x1: "from",
        x2: "to",
        y: "name",
        fill: "process",
        title: "title",
        insetTop: 3,
        insetBottom: 3,
        insetRight: 1,
      }),
      text(
        segments.filter(({ wide }) => wide),
        {
          x: "middle",
          y: "name",
          text: "label",
          fill: (segment: Segment) => segment.colour,
          fontVariant: "tabular-nums",
        },
      ),
      text(bars, {
        x: "micros",
        y: "name",
        text: (bar: { micros: number }) => `${amount(bar.micros)} µs`,
        textAnchor: "start",
        dx: 6,
        fontVariant: "tabular-nums",
        fontWeight: 600,
      }),
      ruleX([0]),
    ],
  });
}
