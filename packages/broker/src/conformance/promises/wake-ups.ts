import { expect, vi } from "vitest";
import { administrationOf, letDie } from "../administration.ts";
import { deafStore } from "../deaf-store.ts";
import { connectTo, progress, QUEUE, removal, retryOf, take } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** Instances hear of each other's doings, so that nobody has to wait for the next look-round. */
export const wakeUps: PromiseGroup = {
  title: "wake-ups",
  cases: [
    promise("an append wakes the other instances that watch the address", async (stage) => {
      const here = await connectTo(stage, QUEUE);
      const there = await connectTo(stage, QUEUE);
      const onWake = vi.fn<() => void>();
      there.watch(QUEUE.address, onWake);
      await stage.calm();
      onWake.mockClear();
      await appendAll(here, [new Producer().batch("a")]);
      await stage.calm();
      expect(onWake).toHaveBeenCalled();
    }),

    promise("a returned entry and a scheduled retry wake the other instances", async (stage) => {
      const here = await connectTo(stage, QUEUE);
      const there = await connectTo(stage, QUEUE);
      const onWake = vi.fn<() => void>();
      await appendAll(here, new Producer().batches(2));
      const [first, second] = await take(stage, here, QUEUE, 2);
      there.watch(QUEUE.address, onWake);
      await stage.calm();
      onWake.mockClear();
      await here.settle(QUEUE, [progress(first!, "return", [])]);
      await stage.calm();
      expect(onWake, "after the return").toHaveBeenCalled();
      onWake.mockClear();
      await here.settle(QUEUE, [removal(second!, { retries: [retryOf(second!, 0, 1_000)] })]);
      await stage.calm();
      expect(onWake, "after the retry").toHaveBeenCalled();
    }),

    promise(
      "dead letters put back wake every instance that watches, whichever put them back",
      async (stage) => {
        const here = await connectTo(stage, QUEUE);
        const there = await connectTo(stage, QUEUE);
        await letDie(stage, here, ["a"]);
        const [onWakeHere, onWakeThere] = [vi.fn<() => void>(), vi.fn<() => void>()];
        here.watch(QUEUE.address, onWakeHere);
        there.watch(QUEUE.address, onWakeThere);
        await stage.calm();
        onWakeHere.mockClear();
        onWakeThere.mockClear();
        await administrationOf(here).redrive(QUEUE, {}, undefined);
        await stage.calm();
        expect(onWakeHere, "here").toHaveBeenCalled();
        expect(onWakeThere, "there").toHaveBeenCalled();
      },
      { needs: ["inspection"] },
    ),

    promise("an instance that closes wakes the others for what it owned", async (stage) => {
      const here = await connectTo(stage, QUEUE);
      const there = await connectTo(stage, QUEUE);
      const onWake = vi.fn<() => void>();
      await appendAll(here, [new Producer().batch("a")]);
      await take(stage, here, QUEUE, 1);
      there.watch(QUEUE.address, onWake);
      await stage.calm();
      onWake.mockClear();
      await here.close();
      await stage.calm();
      expect(onWake).toHaveBeenCalled();
    }),

    promise("who has stopped watching is not called any more", async (stage) => {
      const here = await connectTo(stage, QUEUE);
      const there = await connectTo(stage, QUEUE);
      const [stopped, watching] = [vi.fn<() => void>(), vi.fn<() => void>()];
      const unwatch = there.watch(QUEUE.address, stopped);
      there.watch(QUEUE.address, watching);
      unwatch();
      await stage.calm();
      await appendAll(here, [new Producer().batch("a")]);
      await stage.calm();
      expect(watching).toHaveBeenCalled();
      expect(stopped).not.toHaveBeenCalled();
    }),

    promise("a message reaches another broker's consumer also when its wake-up is lost", async (stage) => {
      const here = await stage.broker();
      const there = await stage.broker({ wrap: deafStore().wrap });
      const reader = (await stage.reader(there.broker)).grant();
      await stage.calm();
      await stage.finish(here.broker.publish(new Producer().batch("a")));
      await stage.until("it arrives", () => reader.texts.length > 0);
      expect(reader.texts).toEqual(["a"]);
    }),
  ],
};
