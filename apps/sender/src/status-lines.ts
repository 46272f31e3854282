import type { Status, StatusListener } from "@chappe/client";

/** Tells people what keeps messages from becoming safe, and when it is over. The same trouble is told once. */
export function statusLines(tell: (line: string) => void): StatusListener {
  let trouble: string | undefined;
  return (status: Status) => {
    if (status.kind === "disconnected") {
      const { router, error } = status;
      const seen = `${router} ${error.code}`;
      if (seen !== trouble) tell(`cannot reach ${error.message}; trying again`);
      trouble = seen;
    } else if (status.kind === "connected") {
      if (trouble !== undefined) tell(`connected to ${status.router}`);
      trouble = undefined;
    } else if (status.kind === "healed") {
      tell(`sent ${status.batches} batches again that the store had lost`);
    }
  };
}
