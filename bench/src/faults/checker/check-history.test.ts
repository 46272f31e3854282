import { describe, expect, test } from "vitest";
import { checkHistory } from "./check-history.ts";
import { findRepeats } from "./check-duplicates.ts";
import { findLosses } from "./check-lost.ts";
import { MadeHistory } from "./fixtures/made-history.ts";

/** The invariants that a history breaks. */
function broken(history: MadeHistory): string[] {
  return checkHistory(history.made).map(({ invariant }) => invariant);
}

describe("what may happen breaks nothing:", () => {
  test("messages that come once and in order", () => {
    expect(broken(new MadeHistory().stored(1).stored(2).handled(1).handled(2))).toEqual([]);
  });

  test("a message that lay unread in a consumer that stood still, while others were handed it as a repeat", () => {
    const history = new MadeHistory().stored(1).handled(1, { consumer: "two", attempt: 2 }).stoodStill("one", 1);
    history.handled(1).settled(1, "ack", false);
    expect(broken(history)).toEqual([]);
    expect(findRepeats(history.made)).toMatchObject({ flagged: 0, late: 1 });
  });

  test("a message that comes before its sender knows that it is stored, or though it never learns", () => {
    expect(broken(new MadeHistory().sent(1).handled(1).acked(1).sent(2).handled(2))).toEqual([]);
  });

  test("a message of which nobody knows whether it was stored, and that never comes", () => {
    expect(broken(new MadeHistory().sent(1).stored(2).handled(2))).toEqual([]);
  });

  test("a repeat that says so, by its attempt or as redelivered, also after younger ones", () => {
    const history = new MadeHistory().stored(1).stored(2).delivered(1).handled(2).handled(1, { attempt: 2 });
    expect(broken(history.handled(2, { redelivered: true }))).toEqual([]);
    expect(findRepeats(history.made).flagged).toBe(2);
  });

  test("a next consumer that begins with what the one before it had not settled", () => {
    const history = new MadeHistory().stored(1).stored(2).handled(2);
    expect(broken(history.handled(1, { consumer: "two" }))).toEqual([]);
  });

  test("messages of different ordering keys, or of one when the one before it is over, at different consumers", () => {
    const keys = new MadeHistory().stored(1, { orderingKey: "k" }).stored(2, { orderingKey: "l" });
    expect(broken(keys.handled(2, { consumer: "two" }).handled(1))).toEqual([]);
    const over = new MadeHistory().stored(1, { orderingKey: "k" }).stored(2, { orderingKey: "k" });
    expect(broken(over.handled(1).handled(2, { consumer: "two" }))).toEqual([]);
    const poison = new MadeHistory().stored(1, { orderingKey: "k", poison: "throw" }).stored(2, { orderingKey: "k" });
    expect(broken(poison.delivered(1, { attempt: 5 }).died(1).handled(2, { consumer: "two" }))).toEqual([]);
  });

  test("a delayed message at its time", () => {
    expect(broken(new MadeHistory().stored(1, { notBeforeMs: 100 }).passed(100).handled(1))).toEqual([]);
  });

  test("what is sent twice with one deduplication id, and stored once; or twice, when Redis was emptied between the two", () => {
    expect(broken(new MadeHistory().stored(1).acked(1).handled(1))).toEqual([]);
    const emptied = new MadeHistory().stored(1).handled(1).wiped().told("epochChanged");
    emptied.acked(1, { id: "other", epoch: "second" }).handled(1, { id: "other" });
    expect(broken(emptied)).toEqual([]);
    expect(findRepeats(emptied.made)).toMatchObject({ flagged: 0, anew: 1 });
  });

  test("poison among the dead letters", () => {
    expect(broken(new MadeHistory().stored(1, { poison: "throw" }).delivered(1).settled(1, "fail").died(1))).toEqual(
      [],
    );
  });

  test("a consumer that dies of poison", () => {
    const history = new MadeHistory().stored(1, { poison: "kill" }).delivered(1).ended("one", "SIGKILL").died(1);
    expect(broken(history)).toEqual([]);
  });

  test("what an emptied Redis lost, when everybody is told; and what living senders sent again", () => {
    const history = new MadeHistory().stored(1).stored(2).handled(2).wiped().told("epochChanged");
    history.handled(2, { redelivered: true }).stored(3, { epoch: "second" }).handled(3);
    expect(broken(history)).toEqual([]);
    expect(findLosses(history.made).byWipe.map(({ record }) => record.key)).toEqual(["ada > receiver:a #1"]);
  });

  test("a dead letter that was lost with Redis, long after it had died", () => {
    const history = new MadeHistory().stored(1, { poison: "throw" }).delivered(1).settled(1, "fail").passed(60_000);
    history.stored(2).handled(2).wiped().told("epochChanged").stored(3, { epoch: "second" }).handled(3);
    expect(broken(history)).toEqual([]);
  });
});

describe("a planted violation is found:", () => {
  test("an acknowledged message that never came", () => {
    expect(broken(new MadeHistory().stored(1).stored(2).handled(2))).toEqual(["lost"]);
  });

  test("an acknowledged message that came to a consumer which died with it, and never again", () => {
    expect(broken(new MadeHistory().stored(1).delivered(1))).toEqual(["lost"]);
  });

  test("an acknowledged message whose ack was refused, and that never came again", () => {
    const history = new MadeHistory().stored(1).delivered(1).settled(1, "ack").settled(1, "ack", false);
    expect(broken(history)).toEqual(["lost"]);
  });

  test("a message acknowledged in the history after a wipe, that never came", () => {
    const history = new MadeHistory().stored(1).handled(1).wiped().told("epochChanged");
    expect(broken(history.stored(2, { epoch: "second" }))).toEqual(["lost"]);
  });

  test("a message that had been lost long before a wipe", () => {
    const history = new MadeHistory().stored(1).stored(2).handled(2).passed(60_000).wiped().told("epochChanged");
    expect(broken(history.stored(3, { epoch: "second" }).handled(3))).toEqual(["lost"]);
  });

  test("a message that its living sender had kept when Redis was emptied, and did not send again", () => {
    const kept = () => new MadeHistory().stored(1, { heals: true });
    const goesOn = (history: MadeHistory) =>
      broken(history.wiped().told("epochChanged").stored(2, { epoch: "second" }).handled(2));
    expect(goesOn(kept())).toEqual(["lost"]);
    expect(goesOn(kept().passed(2_000))).toEqual([]);
    expect(goesOn(new MadeHistory().stored(1, { heals: false }))).toEqual([]);
    expect(goesOn(kept().sent(3).rejected(3))).toEqual(["lost", "rejected"]);
  });

  test("a repeat that does not say so", () => {
    expect(broken(new MadeHistory().stored(1).handled(1).handled(1, { consumer: "two" }))).toEqual([
      "unflagged-duplicate",
    ]);
  });

  test("a repeat that does not say so, of a consumer that stood still before anybody else had it, or long ago", () => {
    const handledBefore = new MadeHistory().stored(1).handled(1, { consumer: "two", attempt: 2 });
    expect(broken(handledBefore.stoodStill("one", 4).handled(1))).toEqual(["unflagged-duplicate"]);
    const another = new MadeHistory().stored(1).handled(1, { consumer: "two", attempt: 2 });
    expect(broken(another.stoodStill("three", 0).handled(1))).toEqual(["unflagged-duplicate"]);
  });

  test("a repeat that lay unread in a consumer that stood still, and whose outcome counted though others had it", () => {
    const history = new MadeHistory().stored(1).handled(1, { consumer: "two", attempt: 2 }).stoodStill("one", 1);
    expect(broken(history.handled(1).settled(1, "ack", true))).toEqual(["unflagged-duplicate"]);
  });

  test("what was sent again after a wipe, and does not say so", () => {
    const history = new MadeHistory().stored(1).handled(1).wiped().told("epochChanged").handled(1);
    expect(broken(history.stored(2, { epoch: "second" }).handled(2))).toEqual(["unflagged-duplicate"]);
  });

  test("a repeat that does not say so, of what had an answer when Redis was emptied, or had none, or was sent after", () => {
    const answered = new MadeHistory().stored(1).handled(1).wiped().told("epochChanged").handled(1);
    expect(broken(answered)).toEqual(["unflagged-duplicate"]);
    const unanswered = new MadeHistory().sent(1).handled(1).wiped().told("epochChanged").handled(1);
    expect(broken(unanswered.acked(1, { epoch: "second" }))).toEqual(["unflagged-duplicate"]);
    const after = new MadeHistory().wiped().told("epochChanged").sent(1).handled(1).handled(1).acked(1);
    expect(broken(after)).toEqual(["unflagged-duplicate"]);
  });

  test("a repeat that does not say so, of a consumer that stood still and had been given it as a repeat itself", () => {
    const history = new MadeHistory().stored(1).handled(1, { attempt: 2 }).stoodStill("one", 1);
    expect(broken(history.handled(1))).toEqual(["unflagged-duplicate"]);
  });

  test("what was sent twice with one deduplication id, and stored or handed out twice", () => {
    const twice = new MadeHistory().stored(1).acked(1, { id: "other" }).handled(1).handled(1, { id: "other" });
    expect(broken(twice)).toEqual(["unflagged-duplicate", "wrong-receipt"]);
  });

  test("another id than that of the receipts, though Redis was emptied and it says that it may be a repeat", () => {
    const emptied = new MadeHistory().stored(1).handled(1).acked(1, { duplicate: true }).wiped().told("epochChanged");
    const again = emptied.handled(1, { id: "other", redelivered: true }).stored(2, { epoch: "second" }).handled(2);
    expect(broken(again)).toEqual(["foreign-message"]);
  });

  test("a receipt of another durability than was asked for", () => {
    expect(broken(new MadeHistory().sent(1).acked(1, { durability: "replicated" }).handled(1))).toEqual([
      "wrong-receipt",
    ]);
  });

  test("a send that rejects", () => {
    expect(broken(new MadeHistory().sent(1).rejected(1))).toEqual(["rejected"]);
  });

  test("a delayed message before its time", () => {
    expect(broken(new MadeHistory().stored(1, { notBeforeMs: 100 }).handled(1))).toEqual(["too-early"]);
  });

  test("a message of an ordering key before an older one, though it says that it may be a repeat", () => {
    const history = new MadeHistory().stored(1, { orderingKey: "k" }).stored(2, { orderingKey: "k" });
    const flagged = history.handled(2, { redelivered: true }).handled(1, { redelivered: true, consumer: "two" });
    expect(broken(flagged)).toEqual(["key-out-of-order"]);
  });

  test("messages of an ordering key in the hands of two consumers at a time", () => {
    const history = new MadeHistory().stored(1, { orderingKey: "k" }).stored(2, { orderingKey: "k" });
    history.delivered(1).handled(2, { consumer: "two" }).settled(1, "ack");
    expect(broken(history)).toEqual(["key-out-of-order"]);
  });

  test("a message of an ordering key after another one's ack that did not count", () => {
    const history = new MadeHistory().stored(1, { orderingKey: "k" }).stored(2, { orderingKey: "k" });
    history.handled(1).settled(1, "ack", true).delivered(1, { redelivered: true, consumer: "two" });
    expect(broken(history.handled(2, { consumer: "two" }))).toEqual([]);
    const refused = new MadeHistory().stored(1, { orderingKey: "k" }).stored(2, { orderingKey: "k" });
    refused.delivered(1).settled(1, "fail").delivered(2, { consumer: "two" }).handled(1, { attempt: 2 });
    expect(broken(refused.handled(2, { consumer: "two", redelivered: true }))).toEqual(["key-out-of-order"]);
  });

  test("an older message after a younger one, though neither had failed", () => {
    expect(broken(new MadeHistory().stored(1).stored(2).handled(2).handled(1))).toEqual(["out-of-order"]);
  });

  test("more messages in hand than were granted", () => {
    expect(broken(new MadeHistory().stored(1).handled(1, { held: 3 }))).toEqual(["credit-exceeded"]);
  });

  test("a message that nobody sent, or with another id than its receipt's", () => {
    expect(broken(new MadeHistory().handled(1))).toEqual(["foreign-message"]);
    expect(broken(new MadeHistory().stored(1).handled(1, { id: "another" }))).toEqual(["foreign-message"]);
  });

  test("a dead letter that was no poison, or that is there twice", () => {
    expect(broken(new MadeHistory().stored(1).died(1))).toEqual(["wrong-dead-letter"]);
    expect(broken(new MadeHistory().stored(1, { poison: "hang" }).died(1).died(1))).toEqual(["wrong-dead-letter"]);
  });

  test("poison that is no dead letter", () => {
    const history = new MadeHistory().stored(1, { poison: "throw" }).handled(1);
    expect(broken(history)).toEqual(["missing-dead-letter"]);
  });

  test("messages or entries that are left in the end", () => {
    expect(broken(new MadeHistory().left(1, 0))).toEqual(["unsettled"]);
    expect(broken(new MadeHistory().left(0, 1))).toEqual(["unsettled"]);
    expect(broken(new MadeHistory().left(0, 0, 1))).toEqual(["unsettled"]);
  });

  test("a subscription that is gone in the end", () => {
    expect(broken(new MadeHistory().stored(1).handled(1).vanished())).toEqual(["unsettled"]);
  });

  test("a wipe of which receipts or consumers say nothing", () => {
    const before = () => new MadeHistory().stored(1).handled(1).wiped();
    expect(broken(before().told("epochChanged").stored(2).handled(2))).toEqual(["unseen-loss"]);
    expect(broken(before().stored(2, { epoch: "second" }).handled(2))).toEqual(["unseen-loss"]);
  });

  test("a program that ends by itself, or is killed by something else than its poison", () => {
    expect(broken(new MadeHistory().ended("router-1.1", "exit code 1"))).toEqual(["crashed"]);
    expect(broken(new MadeHistory().ended("one", "SIGKILL"))).toEqual(["crashed"]);
    const poisoned = () => new MadeHistory().stored(1, { poison: "kill" }).delivered(1).died(1);
    expect(broken(poisoned().ended("two", "SIGKILL"))).toEqual(["crashed"]);
    expect(broken(poisoned().ended("one", "SIGSEGV"))).toEqual(["crashed"]);
  });

  test("a client that is told of a loss before there was any", () => {
    expect(broken(new MadeHistory().stored(1).handled(1).told("epochChanged"))).toEqual(["false-alarm"]);
  });

  test("a new epoch though nothing was lost", () => {
    expect(broken(new MadeHistory().stored(1).handled(1).stored(2, { epoch: "second" }).handled(2))).toEqual([
      "false-alarm",
    ]);
  });
});
