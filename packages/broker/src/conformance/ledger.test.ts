import { expect, it } from "vitest";
import { Ledger } from "./ledger.ts";
import type { Received } from "./reader.ts";

function received(text: string, attempt = 1): Received {
  return { id: text, sender: "ada", text, attempt, redelivered: false, delivery: 1, index: 0 };
}

it("takes a message for finished once it was acked, rejected, or failed for the last time", () => {
  const ledger = new Ledger();
  const messages = ["acked", "rejected", "open", "released", "failed once"].map((text) => received(text));
  const failedTwice = received("failed twice", 2);
  for (const message of [...messages, failedTwice]) ledger.note(message);
  const [acked, rejected, , released, failedOnce] = messages;
  ledger.end([acked!], "ack");
  ledger.end([rejected!], "reject");
  ledger.end([released!], "release");
  ledger.end([failedOnce!], "fail");
  ledger.end([failedTwice], "crash");
  expect(ledger.unfinished([...ledger.texts, "never seen"], 2)).toEqual([
    "open",
    "released",
    "failed once",
    "never seen",
  ]);
});

it("knows two hand-overs of one message apart", () => {
  const ledger = new Ledger();
  const [first, second] = [received("a"), received("a", 2)];
  ledger.note(first);
  ledger.note(second);
  ledger.end([first], "fail");
  ledger.end([second], "ack");
  expect(ledger.handOvers.map(({ attempt, ending }) => [attempt, ending])).toEqual([
    [1, "fail"],
    [2, "ack"],
  ]);
});
