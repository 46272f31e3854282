import type { RouterEvent } from "@chappe/router";
import type { Logger } from "pino";

/** Logs what a router tells of itself. Consumers come and go: of those only who left without a word is worth a line. */
export function logRouterEvents(log: Logger): (event: RouterEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "listening":
        return log.info({ address: event.address }, `listening on ${event.address}`);
      case "ready":
        return log.info("ready: the store answers");
      case "not-ready":
        return log.warn({ error: brief(event.error) }, "not ready: the store does not answer; trying on");
      case "consumer-joined":
        return log.debug(event, "consumer joined");
      case "consumer-left":
        if (event.how === "closed") return log.debug(event, "consumer left");
        return log.warn(event, "consumer is gone without a word; what it held is retried");
      case "stream-refused": {
        const { method, peer, error } = event;
        return log.warn({ method, peer, error: brief(error) }, "stream refused");
      }
      case "draining":
        return log.info({ streams: event.streams, drainMs: event.drainMs }, "draining");
      case "closed":
        if (event.forced === 0) return log.info("no client is left");
        return log.warn({ streams: event.forced }, "clients did not leave in time and were cut off");
    }
  };
}

/** An error as a line holds it: without its stack, which says nothing about what an operator can change. */
export function brief(error: Error & { readonly code?: unknown }): {
  readonly code: unknown;
  readonly message: string;
} {
  return { code: error.code, message: error.message };
}
