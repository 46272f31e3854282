/** A setting as a number: what `-e NAME=value` says, else the default. */
function number(name, otherwise) {
  const value = Number(__ENV[name] ?? otherwise);
  if (!(value > 0)) throw new Error(`${name}: "${__ENV[name]}" is not a number above 0`);
  return value;
}

/** What a run is told by `k6 run -e NAME=value`. */
export const settings = {
  /** Where the router serves gRPC. */
  router: __ENV.ROUTER ?? "localhost:9090",
  /** Where it serves HTTP. */
  http: __ENV.HTTP ?? "http://localhost:9080",
  /** Who gets the messages. */
  receiver: __ENV.RECEIVER ?? "k6",
  /** Bytes of each body, at least 12. */
  bodyBytes: number("BODY_BYTES", 100),
  /** Virtual users: each waits for its call, or its stream, before it begins the next. */
  users: number("USERS", 50),
  /** Messages a second: what a ramp ends at, and a soak keeps. */
  rate: number("RATE", 500),
  seconds: number("SECONDS", 30),
};

/**
 * The thresholds of every script: each message is stored, and quickly enough. `-e P95_MS=` and `-e P99_MS=` say how
 * quickly, in milliseconds.
 *
 * @param latencyMetric name of the metric that tells how long storing took
 */
export function thresholdsOn(latencyMetric) {
  return {
    checks: ["rate==1"],
    messages_stored: ["count>0"],
    [latencyMetric]: [`p(95)<${number("P95_MS", 250)}`, `p(99)<${number("P99_MS", 500)}`],
  };
}
