import { readFileSync } from "node:fs";
import type { CaseResult, Environment, Report } from "../../result-schema.ts";
import { firstLine, isBusy, shortCommit } from "../report-table.ts";
import { processColours, systemColours } from "./colours.ts";
import { cpuPlot, splitByCost } from "./cpu-plot.ts";
import { latencyOverRatePlot } from "./latency-over-rate-plot.ts";
import { latencyPlot, PERCENTILES } from "./latency-plot.ts";
import { html, Markup } from "./markup.ts";
import { environmentSection, figuresSection, ratioSection } from "./page-tables.ts";
import type { Palette } from "./plot-frame.ts";
import { groupResults, type ResultGroup } from "./result-groups.ts";
import { throughputPlot } from "./throughput-plot.ts";

const styleSheet = new URL("./report-page.css", import.meta.url);

/** A report as one page that needs nothing beside itself: plots, tables, and how to read them. */
export function reportPage(report: Report): string {
  const { commit, environment, results, failures, gaps = [], ratios } = report;
  const groups = groupResults(results);
  const systems = systemColours(results);
  const processes = processColours(results);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chappe benchmarks, ${shortCommit(commit)}</title>
<style>
${new Markup(readFileSync(styleSheet, "utf8"))}</style>
</head>
<body>
<header>
<h1>What messages cost</h1>
<p>Chappe at ${shortCommit(commit)}, measured ${environment.startedAt.slice(0, 10)} with ${environment.redis} and Node ${environment.node} on ${environment.cores} × ${environment.cpu}.</p>
${busyNote(environment)}
</header>
<main>
${failureSection("Failed", failures)}
${failureSection("Not on this machine, and so not compared", gaps)}
${ratioSection(ratios)}
${plotSection(
  "Throughput: how many messages are handled each second",
  "More is better. Each message is sent, stored, delivered, handled and acknowledged; with several subscriptions each one's counts.",
  systemLegend(systems),
  groups.filter(({ kind }) => kind !== "rate"),
  (group) => throughputPlot(group, systems),
)}
${latencyOverRateSection(results, systems)}
${plotSection(
  "Latency: how long a message takes until it is handled",
  "Left is better. Where messages are sent as fast as it goes, they wait in a queue that grows as long as it likes: read latency at a given rate.",
  percentileLegend(systems),
  groups.toSorted((a, b) => Number(b.kind === "rate") - Number(a.kind === "rate")),
  (group) => latencyPlot(group, systems),
)}
${plotSection(
  "CPU: what a message costs each process",
  "Less is better. User and system time of all processes for each message handled. It moves less than throughput does, so it is what shows a regression.",
  legend(processes),
  groups.flatMap(splitByCost),
  (group) => cpuPlot(group, processes),
)}
${figuresSection(report)}
${environmentSection(report)}
${readingSection()}
</main>
</body>
</html>
`;
  return page.text;
}

function busyNote(environment: Environment): Markup | undefined {
  if (!isBusy(environment)) return undefined;
  return html`<p class="note">The machine's load was ${environment.loadAverage.toFixed(1)} when this began: others were at work, and figures are low.</p>`;
}

function failureSection(title: string, failures: Report["failures"]): Markup | undefined {
  if (failures.length === 0) return undefined;
  const items = failures.map(({ name, reason }) => {
    const rest = reason.slice(firstLine(reason).length).trim();
    return html`<li><code>${name}</code> ${firstLine(reason)}${rest === "" ? undefined : html`<pre>${rest}</pre>`}</li>`;
  });
  return html`<section class="note"><h2>${title}</h2><ul>${items}</ul></section>`;
}

function plotSection(
  title: string,
  explanation: string,
  key: Markup,
  groups: readonly ResultGroup[],
  drawGroup: (group: ResultGroup) => Markup | undefined,
): Markup | undefined {
  const figures = groups.flatMap((group) => {
    const drawn = drawGroup(group);
    return drawn === undefined
      ? []
      : [
          html`<figure><figcaption>${group.title}</figcaption>${drawn}</figure>
`,
        ];
  });
  if (figures.length === 0) return undefined;
  return html`<section>
<h2>${title}</h2>
<p>${explanation}</p>
${key}
${figures}</section>`;
}

function latencyOverRateSection(results: readonly CaseResult[], systems: Palette): Markup | undefined {
  const drawn = latencyOverRatePlot(results, systems);
  if (drawn === undefined) return undefined;
  return html`<section>
<h2>Latency over load: what more messages do to each</h2>
<p>Lower is better. Messages leave at the offered rate whatever became of the others (an open loop), and latency counts from the time each was meant to leave.</p>
<figure>${drawn}</figure>
</section>`;
}

function legend({ domain, range }: Palette): Markup {
  const keys = domain.map(
    (name, index) => html`<span class="key"><i style="background:${range[index]}"></i>${name}</span>`,
  );
  return html`<p class="legend">${keys}</p>`;
}

function systemLegend(systems: Palette): Markup {
  return systems.domain.length > 1 ? legend(systems) : html``;
}

const PERCENTILE_MARKS = { circle: "●", diamond: "◆", triangle: "▲", times: "✕" } as const;

function percentileLegend(systems: Palette): Markup {
  const keys = PERCENTILES.map(
    ({ label, symbol }) => html`<span class="key">${PERCENTILE_MARKS[symbol]} ${label}</span>`,
  );
  return html`${systemLegend(systems)}<p class="legend">${keys}</p>`;
}

function readingSection(): Markup {
  return html`<section>
<h2>How to read it</h2>
<ul>
<li><b>Compare within one page.</b> Figures of another machine, or of this one while others work on it, say nothing. What holds elsewhere are the ratios, and the counters.</li>
<li><b>A case is a promise kept.</b> Of Chappe's end-to-end cases, one that lost a message, or got one twice or out of order, counts as failed and has no figures.</li>
<li><b>Percentiles.</b> p99.9 = 10 ms says that one message in a thousand took longer than 10 ms. They are of the whole measured time, never averaged.</li>
<li><b>Late p99</b> is how late the load generator itself was. It is part of the latency.</li>
<li><b>redis-benchmark</b> knows no 99.9th percentile: its p99.9 is the maximum, and its latency is that of a command. Its CPU time is the server's alone.</li>
<li><b>Backlog</b> is the speed of draining what was sent before anybody received.</li>
</ul>
</section>`;
}
