import { base64Body } from "../body-number.ts";
import type { GhzOptions } from "../load-options.ts";
import type { Load } from "../tool-run.ts";
import { requireLoadTool } from "../tools/find-load-tool.ts";
import { ghz } from "../tools/load-tool.ts";
import { GHZ_CALL_NUMBER, runGhz } from "./run-ghz.ts";

/** Unary calls of `Send` by ghz. @throws Error that says how to get it when there is none */
export function ghzLoad(options: GhzOptions): Load {
  requireLoadTool(ghz);
  const { bodyBytes, concurrency, connections, rate, messages } = options;
  return {
    tool: "ghz",
    name: "chappe/load/ghz/unary",
    options,
    http: false,
    async run({ target, seconds, warmUp }) {
      const message = { sender: "ghz", to: target.receiver, body: base64Body(GHZ_CALL_NUMBER, bodyBytes) };
      const { answered, callsPerSecond, latencyMicros } = await runGhz({
        target: target.grpc,
        call: "chappe.v1.MessageService/Send",
        data: JSON.stringify(message),
        concurrency,
        connections,
        rate,
        calls: warmUp ? 0 : messages,
        seconds,
      });
      return { stored: [answered], messagesPerSecond: callsPerSecond, latencyMicros };
    },
  };
}
