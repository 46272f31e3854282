import type { Status, StatusListener } from "@chappe/client";

/** Tells people what keeps messages from becoming safe, and when it is over. The same trouble is told once. */
export function statusLines(tell: (line: string) => void): StatusListener {
  const trouble = new Set<string>();
  return (status: Status) => {
    if (status.kind === "disconnected") {
      const { router, error } = status;
      const seen = `${router} ${error.code}`;
      if (!trouble.has(seen)) tell(`cannot reach ${error.message}; trying again`);
      trouble.add(seen);
    } else if (status.kind === "connected") {
      if (trouble.size > 0) tell(`connected to ${status.router}`);
      trouble.clear();
    } else if (status.kind === "healed") {
      tell(`sent ${status.batches} ${status.batches === 1 ? "batch" : "batches"} again that the store had lost`);
    }
  };
}
