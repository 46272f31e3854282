import { expect, it } from "vitest";
import { ratiosOf } from "../ratios.ts";
import { allPeers } from "./all-peers.ts";
import { sampleResult } from "../report/fixtures/sample-report.ts";
import { peerRatioDefinitions } from "./peer-ratios.ts";

const throughput = (name: string, messagesPerSecond: number) =>
  sampleResult(`${name}/throughput`, { messagesPerSecond });
const latency = (name: string, p50: number, p99: number) =>
  sampleResult(`${name}/rate-500`, { latencyMicros: { p50, p99, p999: p99, max: p99 } });

it("holds our throughput to the best Node peer, and to the article in Go", () => {
  const results = [
    throughput("chappe", 300_000),
    throughput("bullmq", 10_000),
    throughput("jetstream", 30_000),
    throughput("article-go", 60_000),
  ];
  expect(ratiosOf(results)).toEqual({ chappeVsBestNodePeer: 10, chappeVsArticleGo: 5 });
});

it("holds our latency at each rate to each peer's", () => {
  const results = [latency("chappe", 100, 400), latency("bullmq", 200, 800), latency("article-go", 50, 100)];
  expect(ratiosOf(results)).toEqual({
    p50At500VsBullmq: 0.5,
    p99At500VsBullmq: 0.5,
    p50At500VsArticleGo: 2,
    p99At500VsArticleGo: 4,
  });
});

it("leaves out what did not run", () => {
  expect(ratiosOf([throughput("chappe", 300_000)])).toEqual({});
  expect(ratiosOf([throughput("bullmq", 300_000)])).toEqual({});
});

it("knows every system that is compared", () => {
  const meanings = Object.values(peerRatioDefinitions()).map(({ meaning }) => meaning);
  for (const { name } of allPeers.filter((peer) => peer.name !== "chappe")) {
    expect(meanings).toContainEqual(expect.stringMatching(new RegExp(`÷ ${name}$`)) as string);
  }
});
