import { plot, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { Markup } from "./markup.ts";

/** Width of every plot, in units of its view box. The page scales them. */
const PLOT_WIDTH = 920;
/** Room for the names of cases on the left. */
export const NAMES_WIDTH = 200;
const ROW_HEIGHT = 30;
const AXIS_HEIGHT = 62;

/** Height of a plot with a row for each case. */
export function heightOfRows(rows: number): number {
  return rows * ROW_HEIGHT + AXIS_HEIGHT;
}

/**
 * Draws a plot as SVG, to stand in the page.
 *
 * @param description what it shows, for those who cannot see it
 */
export function draw(description: string, options: PlotOptions): Markup {
  const { document } = parseHTML("<html></html>");
  const figure = plot({
    document,
    width: PLOT_WIDTH,
    className: "plot",
    ariaLabel: description,
    style: { fontSize: "13px", background: "none" },
    ...options,
  }) as unknown as { readonly outerHTML: string };
  return new Markup(figure.outerHTML);
}

/** Colours by name, the same in every plot of a page: variables of its style sheet, for light and dark. */
export interface Palette {
  readonly domain: readonly string[];
  readonly range: readonly string[];
}

const SERIES = 8;

/** Gives each name a colour. Names that are known take theirs; others share what is left, in turn. */
export function paletteOf(names: Iterable<string>, known: Readonly<Record<string, string>>): Palette {
  const domain = [...new Set(names)];
  const taken = new Set(domain.map((name) => known[name]));
  const free = Array.from({ length: SERIES }, (_, index) => `var(--series-${index + 1})`).filter(
    (colour) => !taken.has(colour),
  );
  let turn = 0;
  return { domain, range: domain.map((name) => known[name] ?? free[turn++ % free.length] ?? "currentColor") };
}
