import { axisX, axisY, barX, dot, ruleX, text } from "@observablehq/plot";
import type { Markup } from "./markup.ts";
import { draw, heightOfRows, NAMES_WIDTH, type Palette } from "./plot-frame.ts";
import { type ResultGroup, shortName, systemOf } from "./result-groups.ts";

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** Messages a second of each case, most first: bars, or dots on a log scale for parts, which are orders of magnitude apart. */
export function throughputPlot({ kind, title, results }: ResultGroup, colours: Palette): Markup {
  const rows = results
    .map((result) => ({
      name: shortName(result),
      system: systemOf(result),
      perSecond: result.messagesPerSecond,
      label: result.messagesPerSecond.toLocaleString("en-US", { maximumFractionDigits: 0 }),
    }))
    .toSorted((a, b) => b.perSecond - a.perSecond);
  const isLog = kind === "part";
  const place = { x: "perSecond", y: "name" };
  const fill = { fill: "system", title: "label" };
  return draw(`Messages handled each second. ${title}`, {
    height: heightOfRows(rows.length),
    marginLeft: NAMES_WIDTH,
    marginRight: 90,
    marginBottom: 46,
    x: { type: isLog ? "log" : "linear", nice: isLog, zero: !isLog },
    y: { domain: rows.map(({ name }) => name) },
    color: { domain: colours.domain, range: colours.range },
    marks: [
      axisX({
        label: isLog ? "messages/s, log scale" : "messages/s",
        tickFormat: (value: number) => compact.format(value),
        ticks: 6,
        labelArrow: "none",
        labelAnchor: "center",
      }),
      axisY({ label: null, tickSize: 0 }),
      isLog
        ? dot(rows, { ...place, ...fill, r: 5 })
        : barX(rows, { ...place, ...fill, insetTop: 3, insetBottom: 3, rx: 2 }),
      text(rows, { ...place, text: "label", textAnchor: "start", dx: isLog ? 10 : 6, fontVariant: "tabular-nums" }),
      ...(isLog ? [] : [ruleX([0])]),
    ],
  });
}
