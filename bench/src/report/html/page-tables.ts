import { meetsTarget, ratioDefinitions, targetText } from "../../ratios.ts";
import type { CaseResult, Report } from "../../result-schema.ts";
import { amount, size } from "../figure-text.ts";
import { CASE_COLUMNS, caseCells } from "../report-table.ts";
import { html, type Markup } from "./markup.ts";

/** The ratios, what each compares, and whether it is what it should be. Undefined when there is none. */
export function ratioSection(ratios: Report["ratios"]): Markup | undefined {
  const rows = Object.entries(ratios).map(([name, ratio]) => {
    const { meaning, target } = ratioDefinitions[name] ?? {};
    const verdict =
      target &&
      (meetsTarget(ratio, target) ? html`<span class="met">✓ met</span>` : html`<span class="missed">✗ missed</span>`);
    return html`<tr><td>${meaning ?? ""}<br><code>${name}</code></td><td class="number strong">${ratio.toFixed(2)}</td><td>${target && targetText(target)}</td><td>${verdict}</td></tr>
`;
  });
  if (rows.length === 0) return undefined;
  return html`<section>
<h2>Ratios: what holds on other machines too</h2>
<table>
<thead><tr><th>comparison within this run</th><th class="number">ratio</th><th>target</th><th></th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</section>`;
}

/** Every case in a row, and all that is known of each behind its name. */
export function figuresSection({ results, failures }: Report): Markup {
  const head = CASE_COLUMNS.map((column, index) => html`<th class="${index > 0 ? "number" : ""}">${column}</th>`);
  const rows = results.map((result) => {
    const [name, ...cells] = caseCells(result);
    return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>
`;
  });
  const failed = failures.map(
    ({
      name,
    }) => html`<tr><th scope="row">${name}</th><td class="number missed" colspan="${CASE_COLUMNS.length - 1}">failed</td></tr>
`,
  );
  return html`<section>
<h2>All figures</h2>
<div class="wide"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}${failed}</tbody>
</table></div>
<p class="on-screen">Options, counters for 100,000 messages, and further measures of each case:</p>
${results.map(details)}</section>`;
}

function details({ name, lost, duplicates, outOfOrder, options, counters, measures = {} }: CaseResult): Markup {
  const list = (title: string, entries: readonly (readonly [string, string])[]) =>
    entries.length === 0
      ? html``
      : html`<div><h3>${title}</h3><dl>${entries.map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl></div>`;
  const figures = (record: Readonly<Record<string, number>>) =>
    Object.entries(record).map(([key, value]) => [key, key.endsWith("Bytes") ? size(value) : amount(value)] as const);
  const correctness = { lost, duplicates, outOfOrder };
  return html`<details><summary>${name}</summary><div class="columns">
${list(
  "Options",
  Object.entries(options).map(([key, value]) => [key, String(value)]),
)}
${list("Counters, for 100,000 messages", figures(counters))}
${list("Measures", figures(measures))}
${list(
  "Mistakes",
  Object.entries(correctness).map(([key, value]) => [key, String(value)]),
)}
</div></details>
`;
}

/** What the figures were measured on. */
export function environmentSection({ commit, environment }: Report): Markup {
  const { startedAt, node, redis, cpu, cores, memoryBytes, os, loadAverage } = environment;
  const rows: readonly (readonly [string, string])[] = [
    ["commit", commit],
    ["begun", startedAt],
    ["Node", node],
    ["Redis", redis],
    ["processor", `${cores} × ${cpu}`],
    ["memory", size(memoryBytes)],
    ["system", os],
    ["load, 1 min, at the beginning", loadAverage.toFixed(2)],
  ];
  return html`<section>
<h2>What it was measured on</h2>
<dl class="environment">${rows.map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl>
<p>All processes ran on this one machine: senders, routers, receivers and Redis, each on its own.</p>
</section>`;
}
