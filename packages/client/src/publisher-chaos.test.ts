import type { Batch, ChappeError, ErrorCode, FrameError, PublishRequestFrame } from "@chappe/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sendingClient } from "./fixtures/sending-client.ts";
import { textsOf } from "./fixtures/texts-of.ts";

/** A store as the broker promises it: a batch once per producer and sequence, none behind a gap. */
class StoreModel {
  readonly stored: { readonly key: string; readonly sequence: number; readonly texts: readonly string[] }[] = [];
  readonly #accepted = new Set<string>();

  append(batch: Batch): FrameError | undefined {
    const { sequence, producerId, address } = batch.header;
    const key = `${address} ${Buffer.from(producerId).toString("hex")}`;
    const last = this.stored.findLast((entry) => entry.key === key)?.sequence ?? 0;
    if (sequence <= last) return undefined;
    if (sequence > last + 1) {
      return { code: "FAILED_PRECONDITION", message: "gap", retryable: false, expectedSequence: last + 1 };
    }
    const texts = textsOf(batch);
    this.stored.push({ key, sequence, texts });
    this.#accepted.add(texts[0]!);
    return undefined;
  }

  /** Whether it ever stored the batch's messages. What was once accepted is not refused later. */
  accepted(batch: Batch): boolean {
    return this.#accepted.has(textsOf(batch)[0]!);
  }

  /** Comes back without the batches stored last. */
  loseTail(batches: number): void {
    this.stored.splice(Math.max(0, this.stored.length - batches));
  }

  /** Bodies in the order they were stored, of one address. */
  texts(address: string): string[] {
    return this.stored.filter(({ key }) => key.startsWith(`${address} `)).flatMap(({ texts }) => texts);
  }
}

const addresses = ["receiver:r0", "receiver:r1"];

type Step =
  | { readonly kind: "send"; readonly count: number; readonly receiver: number }
  | { readonly kind: "answer" }
  /** Stored, but the answer is an error: the router does not know. */
  | { readonly kind: "answerUnknown" }
  | { readonly kind: "answerAway" }
  | { readonly kind: "answerRefused" }
  /** The stream breaks before, or after, the store has the frames that are under way. */
  | { readonly kind: "break"; readonly isStored: boolean }
  | { readonly kind: "loseTail"; readonly batches: number };

const away: FrameError = { code: "UNAVAILABLE", message: "away", retryable: true };

const refused: FrameError = { code: "UNIMPLEMENTED", message: "not yet", retryable: false };

const harmless: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      count: fc.integer({ min: 1, max: 3 }),
      receiver: fc.integer({ min: 0, max: 1 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: "answer" }) },
  fc.constant<Step>({ kind: "answerUnknown" }),
  fc.constant<Step>({ kind: "answerAway" }),
  fc.constant<Step>({ kind: "answerRefused" }),
  fc.record({ kind: fc.constant("break" as const), isStored: fc.boolean() }),
);
/**
 * Without refusals: after one, the sender goes on under a new producer id, under which nothing shows that the store has
 * lost what an earlier one had sent. docs/guarantees.md says so.
 */
const lossy: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: harmless.filter(({ kind }) => kind !== "answerRefused") },
  fc.record({ kind: fc.constant("loseTail" as const), batches: fc.integer({ min: 1, max: 3 }) }),
);

/** Plays the steps, then a router in good health until every send is answered. */
async function play(steps: readonly Step[]) {
  const client = sendingClient();
  const { clock, routers, sender, publisher } = client;
  const store = new StoreModel();
  /** Bodies by receiver, in the order of the calls. */
  const sent: string[][] = [[], []];
  const unsettled = new Set<string>();
  const rejected = new Map<string, ErrorCode>();
  const waiting: PublishRequestFrame[] = [];
  let bodies = 0;
  let call = 0;

  const send = (receiver: number, body: string) => {
    sent[receiver]!.push(body);
    unsettled.add(body);
    sender.send({ to: `r${receiver}`, body }).then(
      () => unsettled.delete(body),
      (error: ChappeError) => {
        unsettled.delete(body);
        rejected.set(body, error.code);
      },
    );
  };
  const collect = () => {
    if (routers.calls.length === 0) return;
    if (routers.calls.length !== call) {
      call = routers.calls.length;
      waiting.length = 0;
    }
    waiting.push(...routers.last.takePublishes());
  };
  const answerNext = (fault: (batch: Batch) => FrameError | undefined) => {
    collect();
    const frame = waiting.shift();
    if (frame !== undefined) routers.last.answer(frame, (index) => fault(frame.batches[index]!));
  };

  for (const step of steps) {
    switch (step.kind) {
      case "send":
        for (let count = 0; count < step.count; count++) send(step.receiver, `${bodies++}`);
        break;
      case "answer":
        answerNext((batch) => store.append(batch));
        break;
      case "answerUnknown":
        answerNext((batch) => store.append(batch) ?? away);
        break;
      case "answerAway":
        answerNext(() => away);
        break;
      case "answerRefused":
        answerNext((batch) => (store.accepted(batch) ? undefined : refused));
        break;
      case "break":
        collect();
        if (step.isStored) for (const frame of waiting) for (const batch of frame.batches) store.append(batch);
        if (routers.calls.length > 0) routers.last.break();
        break;
      case "loseTail":
        store.loseTail(step.batches);
    }
    await clock.advance(1);
  }
  // One more message for each address shows a lost tail.
  for (const receiver of [0, 1]) send(receiver, `last-${receiver}`);
  for (let turn = 0; turn < 400; turn++) {
    await clock.advance(20);
    for (let frames = 0; frames < 8; frames++) answerNext((batch) => store.append(batch));
  }
  const closed = publisher.close(0);
  routers.last.finish();
  await clock.advance(10);
  await closed;
  return { store, sent, unsettled: [...unsettled], rejected, timers: clock.pendingTimers };
}

/** What must hold in the end. */
function check({ store, sent, unsettled, rejected, timers }: Awaited<ReturnType<typeof play>>): void {
  expect({ unsettled, timers }).toEqual({ unsettled: [], timers: 0 });
  expect([...rejected.values()].filter((code) => code !== "UNIMPLEMENTED")).toEqual([]);
  for (const [receiver, address] of addresses.entries()) {
    expect(store.texts(address)).toEqual(sent[receiver]!.filter((body) => !rejected.has(body)));
  }
}

describe("whatever happens to streams, routers and answers", () => {
  test("every message that was not refused is stored once, in the order of the sends", async () => {
    const steps = fc.array(harmless, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (played) => check(await play(played))),
      { numRuns: 100 },
    );
  });

  test("even when the store comes back without its tail, it has every message in the end, once and in order", async () => {
    const steps = fc.array(lossy, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (played) => check(await play(played))),
      { numRuns: 100 },
    );
  });
});
