import type { StatusListener } from "@chappe/client";
import { historyNowMs } from "../history/history-event.ts";
import type { HistoryWriter } from "../history/history-writer.ts";

/** Writes what a client says about itself into its program's history. */
export function tellStatus(program: string, history: HistoryWriter): StatusListener {
  return (status) => {
    const { kind, ...rest } = status;
    const detail = JSON.stringify(rest, (_, value: unknown) => (value instanceof Error ? value.message : value));
    history.write({ kind: "told", atMs: historyNowMs(), program, status: kind, detail });
  };
}
