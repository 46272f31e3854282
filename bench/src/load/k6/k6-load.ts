import { hasRate, type K6Options } from "../load-options.ts";
import type { Load } from "../tool-run.ts";
import { requireLoadTool } from "../tools/find-load-tool.ts";
import { k6 } from "../tools/load-tool.ts";
import { runK6 } from "./run-k6.ts";

/** One of the scripts in bench/k6. @throws Error that says how to get k6 when there is none */
export function k6Load(options: K6Options): Load {
  requireLoadTool(k6);
  const { rate, ...withoutRate } = options;
  const { script, bodyBytes, users, p95Ms, p99Ms } = options;
  return {
    tool: "k6",
    name: `chappe/load/k6/${script}`,
    options: hasRate(script) ? options : withoutRate,
    http: script === "http",
    async run({ target, seconds, warmUp }) {
      const { stored, storedPerSecond, latencyMicros } = await runK6({
        script,
        settings: {
          ROUTER: target.grpc,
          ...(target.http === undefined ? {} : { HTTP: target.http }),
          RECEIVER: target.receiver,
          BODY_BYTES: bodyBytes,
          USERS: users,
          RATE: rate,
          P95_MS: p95Ms,
          P99_MS: p99Ms,
        },
        seconds,
        // A router that has just started is slower than it will be.
        thresholds: !warmUp,
      });
      return { stored: [stored], messagesPerSecond: storedPerSecond, latencyMicros };
    },
  };
}
