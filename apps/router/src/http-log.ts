import type { HttpRouterEvent } from "@chappe/router-http";
import type { Logger } from "pino";
import { brief } from "./router-log.ts";

/** Logs what the HTTP side of a router tells of itself, as `logRouterEvents` does for gRPC. */
export function logHttpEvents(log: Logger): (event: HttpRouterEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "listening":
        return log.info({ address: event.address }, `serving HTTP on ${event.address}`);
      case "consumer-joined":
        return log.debug(event, "HTTP consumer joined");
      case "consumer-left":
        if (event.how === "closed") return log.debug(event, "HTTP consumer left");
        return log.warn(event, "HTTP consumer is gone without a word; what it held is retried");
      case "message-unreadable":
        return log.error(
          { ...event, error: brief(event.error) },
          "a message cannot be read; it is in the dead letters",
        );
      case "request-failed":
        return log.error({ ...event, error: brief(event.error) }, "request failed");
      case "draining":
        return log.info({ streams: event.streams, drainMs: event.drainMs }, "draining HTTP");
      case "closed":
        if (event.forced === 0) return log.info("no HTTP client is left");
        return log.warn({ streams: event.forced }, "HTTP clients did not leave in time and were cut off");
    }
  };
}
