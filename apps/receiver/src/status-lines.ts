import type { Status, StatusListener } from "@chappe/client";

/**
 * Tells people from where messages come, what keeps them from coming, and what became of some. Trouble is told once.
 *
 * @param saysStart whether it was said where a new subscription begins: of one that is not new, people are told
 */
export function statusLines(source: string, saysStart: boolean, tell: (line: string) => void): StatusListener {
  const trouble = new Set<string>();
  let isFirst = true;
  return (status: Status) => {
    switch (status.kind) {
      case "connected":
        trouble.clear();
        tell(`receiving ${source} from ${status.router}`);
        if (isFirst && saysStart && status.resumed === true) {
          tell(`${source} was there before and goes on where it stands: --from is for a new one; chappe seek moves it`);
        }
        isFirst = false;
        return;
      case "disconnected": {
        const { router, error } = status;
        const seen = `${router} ${error.code}`;
        if (!trouble.has(seen)) tell(`cannot reach ${error.message}; trying again`);
        trouble.add(seen);
        return;
      }
      case "epochChanged":
        return tell(`the store lost messages of ${status.address}; what its senders still hold comes again`);
      case "revoked":
        return tell(`${status.messages} messages were given to another consumer, because this one seemed dead`);
      case "refused":
        return tell(`${status.messages} messages will come again: ${status.error.message}`);
      case "draining":
      case "retrying":
      case "healed":
      case "failed":
        return;
    }
  };
}
