import { expect, test } from "vitest";
import { type HistoryEvent, historyNowMs } from "../history/history-event.ts";
import { Progress } from "./progress.ts";

const LINE = "ada > receiver:a";
const READER = "receiver:a";

/** A message that is sent, acknowledged and delivered so much after now, as the histories hold it: its reader's first. */
function through(afterMs: number): HistoryEvent[] {
  const nowMs = historyNowMs();
  const message = { sender: "ada.1", address: "receiver:a", sequence: 1 };
  const delivery = {
    subscription: "",
    consumer: "one",
    id: "id-1",
    attempt: 1,
    redelivered: false,
    held: 1,
    credit: 1,
  };
  return [
    { kind: "delivered", atMs: nowMs + afterMs + 2, ...message, ...delivery },
    { kind: "sent", atMs: nowMs + afterMs, ...message, ...{ durability: "accepted", heals: true } },
    {
      ...{ kind: "acked", atMs: nowMs + afterMs + 1, ...message },
      ...{ id: "id-1", duplicate: false, epoch: "first", durability: "accepted" },
    },
  ];
}

test("has recovered at the first look at a message that got through, though its reader's history comes first", async () => {
  let looks = 0;
  const progress = new Progress(() => (looks++ === 0 ? through(1_000) : []));
  expect(await progress.recovers([LINE], [READER], 0)).toEqual([]);
});

test("has not recovered by what was sent before, whenever it comes", async () => {
  const progress = new Progress(() => through(-1_000));
  expect(await progress.recovers([LINE], [READER], 0)).toEqual([`acks of ${LINE}`, `deliveries to ${READER}`]);
});
