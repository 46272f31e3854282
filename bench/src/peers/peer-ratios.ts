import type { CaseResult, Percentiles } from "../result-schema.ts";
import type { RatioDefinition } from "../ratios.ts";

type Results = ReadonlyMap<string, CaseResult>;

/** Systems whose client is a Node program, as ours is. */
const NODE_PEERS = ["bullmq", "jetstream", "rabbitmq", "article-node"];

const ALL_PEERS = [...NODE_PEERS, "article-go"];

/** Messages a second at which systems are compared: most survive the first, few the last. */
export const PEER_RATES = [500, 2_000, 8_000, 20_000] as const;

const throughput = (system: string) => (results: Results) => results.get(`${system}/throughput`)?.messagesPerSecond;

const latency = (system: string, rate: number, percentile: keyof Percentiles) => (results: Results) =>
  results.get(`${system}/rate-${rate}`)?.latencyMicros?.[percentile];

/** What Chappe is to its peers, under the same loads in the same run. */
export function peerRatioDefinitions(): Record<string, RatioDefinition> {
  return {
    chappeVsBestNodePeer: {
      meaning: "messages/s: Chappe ÷ the best peer with a client for Node",
      above: throughput("chappe"),
      below: (results) => bestOf(NODE_PEERS.map((peer) => throughput(peer)(results))),
      target: { atLeast: 15 },
    },
    chappeVsArticleGo: {
      meaning: "messages/s: Chappe ÷ the article's design in Go",
      above: throughput("chappe"),
      below: throughput("article-go"),
      target: { atLeast: 20 },
    },
    ...Object.fromEntries(
      PEER_RATES.flatMap((rate) =>
        ALL_PEERS.flatMap((peer) =>
          (["p50", "p99"] as const).map((percentile) => [
            `${percentile}At${rate}Vs${capitalized(peer)}`,
            {
              meaning: `latency at ${rate.toLocaleString("en-US")} messages/s, ${percentile}: Chappe ÷ ${peer}`,
              above: latency("chappe", rate, percentile),
              below: latency(peer, rate, percentile),
              target: { atMost: 1 },
            } satisfies RatioDefinition,
          ]),
        ),
      ),
    ),
  };
}

function bestOf(figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** article-go → ArticleGo */
function capitalized(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
