import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { allCases } from "../../cases.ts";
import { sampleReport, sampleResult } from "../fixtures/sample-report.ts";
import { reportPage } from "./report-page.ts";

const latencyMicros = { p50: 812, p99: 2_345, p999: 45_678, max: 1_234_567 };
const rateOf = (name: string) => {
  const rate = /rate-(\d+)$/.exec(name)?.[1] ?? (name.endsWith("routers") ? 4_000 : undefined);
  return rate === undefined ? {} : { rate: Number(rate) };
};
const ours = allCases().map(({ name }) =>
  sampleResult(name, {
    latencyMicros,
    cpuMicrosPerMessageByProcess: { sender: 20, router: 60, receiver: 30, redis: 13.456 },
    counters: { redisCommands: 7 },
    measures: { routerResidentBytes: 2_097_152 },
    options: { bodyBytes: 100, ...rateOf(name) },
  }),
);
const theirs = [500, 2_000].map((rate) => sampleResult(`peer/rate-${rate}`, { latencyMicros, options: { rate } }));
const nasty = '<script>alert("1")</script>&';

function pageOf(more: Parameters<typeof sampleReport>[0] = {}) {
  return parseHTML(reportPage(sampleReport(more))).document;
}

describe("the page of a report", () => {
  const failures = [
    { name: "chappe/end-to-end/aof-always", reason: "3 lost, of 7 messages received\nrouter: its log" },
  ];
  const results = [...ours, ...theirs];
  const text = reportPage(sampleReport({ results, failures, ratios: { endToEndVsRedisXadd: 1.234 } }));
  const { document } = parseHTML(text);
  const headings = [...document.querySelectorAll("h2")].map(({ textContent }) => textContent);

  it("has every case in its table, and what failed with the reason", () => {
    const rows = [...document.querySelectorAll("tbody th")].map(({ textContent }) => textContent);
    expect(rows).toEqual([...results, ...failures].map(({ name }) => name));
    expect(document.querySelector("section.note")?.textContent).toContain("3 lost, of 7 messages received");
  });

  it("names systems that were not there to be compared", () => {
    const note = pageOf({ gaps: [{ name: "other", reason: "no other-server on the PATH" }] }).querySelector(
      "section.note",
    );
    expect(note?.textContent).toContain("not compared");
    expect(note?.textContent).toContain("no other-server on the PATH");
  });

  it("plots throughput, latency, latency over load and CPU, each with a title and a description", () => {
    for (const title of ["Throughput", "Latency:", "Latency over load", "CPU"]) {
      expect(headings.join("\n")).toContain(title);
    }
    const plots = [...document.querySelectorAll("figure svg")];
    expect(plots.length).toBeGreaterThanOrEqual(6);
    for (const plot of plots) expect(plot.getAttribute("aria-label")).toMatch(/\w+/);
  });

  it("draws a line for each system over the offered rate", () => {
    const plot = document.querySelector('svg[aria-label^="Latency over the offered rate"]');
    // Three percentiles of two systems.
    const lines = [...(plot?.querySelectorAll('g[aria-label="line"] path') ?? [])];
    const lengths = lines.map((line) => (line.getAttribute("d") ?? "").split("L").length);
    // Ours has a point for each rate-… case, and none for others that have a rate.
    expect(lengths.toSorted((a, b) => a - b)).toEqual([2, 2, 2, 4, 4, 4]);
    expect(plot?.textContent).toContain("peer");
  });

  it("tells the ratios, what they compare and their targets", () => {
    expect(headings.join("\n")).toContain("Ratios");
    expect(document.body.textContent).toMatch(/end to end ÷ Redis alone.*1\.23.*≥ 1\.5.*missed/s);
  });

  it("needs nothing beside itself, and runs nothing", () => {
    expect(document.querySelectorAll("script, link, img, iframe, object").length).toBe(0);
    expect(text).not.toMatch(/(src|href)=|url\(|@import|https?:\/\/(?!www\.w3\.org)/i);
    expect(text.length).toBeLessThan(1_000_000);
  });

  it("keeps light and dark, and paper, in mind", () => {
    expect(text).toContain("@media screen and (prefers-color-scheme: dark)");
    expect(text).toContain("@media print");
  });
});

it("lets no name or reason out of its place", () => {
  const document = pageOf({
    results: [
      sampleResult(nasty, { latencyMicros, options: { [nasty]: nasty }, cpuMicrosPerMessageByProcess: { [nasty]: 1 } }),
    ],
    failures: [{ name: nasty, reason: `${nasty}\n${nasty}` }],
    ratios: { [nasty]: 1 },
    commit: nasty,
  });
  expect(document.querySelectorAll("script").length).toBe(0);
  expect(document.querySelector("tbody th")?.textContent).toBe(nasty);
});

it("leaves out what there is nothing of", () => {
  const headings = [...pageOf().querySelectorAll("h2")].map(({ textContent }) => textContent);
  expect(headings).toEqual(["All figures", "What it was measured on", "How to read it"]);
});
