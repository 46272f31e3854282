import {
  type Batch,
  type ChappeError,
  encodePublishResponse,
  type ErrorCode,
  type FrameError,
  type PublishRequestFrame,
} from "@chappe/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gap, refused, unavailable } from "./fixtures/frame-errors.ts";
import { sendingClient } from "./fixtures/sending-client.ts";
import { textsOf } from "./fixtures/texts-of.ts";

/** A store as the broker promises it: a batch once per producer and sequence, none behind a gap. */
class StoreModel {
  readonly stored: { readonly key: string; readonly sequence: number; readonly texts: readonly string[] }[] = [];
  /** What it stored a second time, and was not told that it may be a repeat. */
  readonly unflagged: string[] = [];
  readonly #accepted = new Set<string>();

  append(batch: Batch): FrameError | undefined {
    const { sequence, producerId, address } = batch.header;
    const key = `${address} ${Buffer.from(producerId).toString("hex")}`;
    const last = this.stored.findLast((entry) => entry.key === key)?.sequence ?? 0;
    if (sequence <= last) return undefined;
    if (sequence > last + 1) return gap(last + 1);
    const texts = textsOf(batch);
    this.stored.push({ key, sequence, texts });
    if (this.accepted(batch) && !batch.header.resent) this.unflagged.push(...texts);
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

  /** As {@link StoreModel.texts}, for each producer id. */
  textsByProducerId(address: string): string[][] {
    const ofAddress = this.stored.filter(({ key }) => key.startsWith(`${address} `));
    return [...Map.groupBy(ofAddress, ({ key }) => key).values()].map((entries) =>
      entries.flatMap(({ texts }) => texts),
    );
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
  /** Told: the router notices, and says so on the stream. */
  | { readonly kind: "loseTail"; readonly batches: number; readonly isTold: boolean };

const sends: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("send" as const),
  count: fc.integer({ min: 1, max: 3 }),
  receiver: fc.integer({ min: 0, max: 1 }),
});
const harmless: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: sends },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: "answer" }) },
  fc.constant<Step>({ kind: "answerUnknown" }),
  fc.constant<Step>({ kind: "answerAway" }),
  fc.record({ kind: fc.constant("break" as const), isStored: fc.boolean() }),
);
const harmlessOrRefused: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: harmless },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: "answerRefused" }) },
);
const answered = sends.map((send): Step[] => [send, { kind: "answer" }, { kind: "answer" }]);
const refusals = sends.map((send): Step[] => [send, { kind: "answerRefused" }]);
function losses(isTold: fc.Arbitrary<boolean>): fc.Arbitrary<Step> {
  return fc.record({ kind: fc.constant("loseTail" as const), batches: fc.integer({ min: 1, max: 5 }), isTold });
}

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
        answerNext((batch) => store.append(batch) ?? unavailable);
        break;
      case "answerAway":
        answerNext(() => unavailable);
        break;
      case "answerRefused":
        answerNext((batch) => (store.accepted(batch) ? store.append(batch) : refused));
        break;
      case "break":
        collect();
        if (step.isStored) for (const frame of waiting) for (const batch of frame.batches) store.append(batch);
        waiting.length = 0;
        if (routers.calls.length > 0) routers.last.break();
        break;
      case "loseTail":
        store.loseTail(step.batches);
        if (step.isTold && routers.calls.length > 0) {
          routers.last.receive(encodePublishResponse({ results: [], storeInterrupted: true }));
        }
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

type Played = Awaited<ReturnType<typeof play>>;

/** What was sent to an address and not refused. */
function due({ sent, rejected }: Played, receiver: number): string[] {
  return sent[receiver]!.filter((body) => !rejected.has(body));
}

function checkSettled({ store: { unflagged }, unsettled, rejected, timers }: Played): void {
  expect({ unflagged, unsettled, timers }).toEqual({ unflagged: [], unsettled: [], timers: 0 });
  expect([...rejected.values()].filter((code) => code !== "UNIMPLEMENTED")).toEqual([]);
}

function checkOrder(played: Played): void {
  checkSettled(played);
  for (const [receiver, address] of addresses.entries()) {
    expect(played.store.texts(address)).toEqual(due(played, receiver));
  }
}

function checkOrderOfEachProducerId(played: Played): void {
  checkSettled(played);
  for (const [receiver, address] of addresses.entries()) {
    const sent = due(played, receiver);
    expect(played.store.texts(address).toSorted()).toEqual(sent.toSorted());
    for (const texts of played.store.textsByProducerId(address)) {
      expect(texts).toEqual(sent.filter((body) => texts.includes(body)));
    }
  }
}

async function playMany(steps: fc.Arbitrary<Step[]>, check: (played: Played) => void): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (played) => check(await play(played))),
    { numRuns: 100 },
  );
}

describe("whatever happens to streams, routers and answers", () => {
  test("every message that was not refused is stored once, in the order of the sends", async () => {
    await playMany(fc.array(harmlessOrRefused, { maxLength: 40 }), checkOrder);
  });

  test("even when the store comes back without its tail, it has every message in the end, once, in order, and flagged where it had it before", async () => {
    const step = fc.oneof({ weight: 6, arbitrary: harmless }, losses(fc.boolean()));
    await playMany(fc.array(step, { maxLength: 40 }), checkOrder);
  });

  test("also when messages are refused meanwhile, and in the order of the sends for each producer id", async () => {
    // Scenes, not steps, so that often enough something is lost that was stored before a refusal.
    const told = losses(fc.constant(true)).map((loss) => [loss]);
    const scene = fc.oneof({ weight: 3, arbitrary: harmlessOrRefused.map((step) => [step]) }, told, answered, refusals);
    const steps = fc.array(scene, { minLength: 8, maxLength: 30 }).map((scenes) => scenes.flat());
    await playMany(steps, checkOrderOfEachProducerId);
  });
});
