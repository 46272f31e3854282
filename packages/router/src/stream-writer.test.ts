import { ChappeError } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { expect, test } from "vitest";
import { StreamWriter, type WritableCall } from "./stream-writer.ts";

/** A call whose writes the test lets go one by one, as a peer that reads slowly would. */
class SlowCall {
  readonly frames: string[] = [];
  readonly ends: unknown[] = [];
  #done: (() => void) | undefined;

  write(frame: Buffer, done: () => void): boolean {
    this.frames.push(frame.toString());
    this.#done = done;
    return true;
  }

  end(): void {
    this.ends.push("OK");
  }

  emit(_event: "error", status: { readonly code: number; readonly details: string }): boolean {
    this.ends.push(`${status.code} ${status.details}`);
    return true;
  }

  letGo(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}

function setUp() {
  const call = new SlowCall();
  const words: string[] = [];
  const take = () => (words.length === 0 ? undefined : Buffer.from(words.splice(0).join(" ")));
  const writer = new StreamWriter(call as unknown as WritableCall, take);
  const say = (word: string): void => {
    words.push(word);
    writer.wake();
  };
  return { call, writer, say };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("what the promises of one turn bring leaves in one frame", async () => {
  const { call, say } = setUp();
  const reply = Promise.resolve();
  await Promise.all([
    reply.then(() => say("a")),
    reply.then(() => say("b")),
    reply.then(() => {}).then(() => say("c")),
  ]);
  await nextTurn();
  expect(call.frames).toEqual(["a b c"]);
});

test("while a frame is on its way, what comes up collects into one more", async () => {
  const { call, say } = setUp();
  say("a");
  await nextTurn();
  for (const word of ["b", "c", "d"]) {
    say(word);
    await nextTurn();
  }
  expect(call.frames).toEqual(["a"]);
  call.letGo();
  expect(call.frames).toEqual(["a", "b c d"]);
});

test("the end waits for everything that was to be said, and the first end decides", async () => {
  const { call, writer, say } = setUp();
  say("a");
  await nextTurn();
  say("b");
  writer.end(new ChappeError("UNAVAILABLE", "moving"));
  writer.end();
  call.letGo();
  expect(call.ends).toEqual([]);
  call.letGo();
  expect(call).toMatchObject({ frames: ["a", "b"], ends: ["14 moving"] });
});

test("nothing is written after the end, nor after the stream broke", async () => {
  const ended = setUp();
  ended.writer.end();
  await nextTurn();
  ended.say("late");
  await nextTurn();
  expect(ended.call).toMatchObject({ frames: [], ends: ["OK"] });

  const broken = setUp();
  broken.say("a");
  broken.writer.stop();
  broken.writer.end();
  await nextTurn();
  expect(broken.call).toMatchObject({ frames: [], ends: [] });
});

test("a stream that is silent for long enough gets an empty frame, again and again", async () => {
  const { call, writer } = setUp();
  writer.startHeartbeat(5);
  await waitFor(() => call.frames.length === 1);
  call.letGo();
  await waitFor(() => call.frames.length === 2);
  expect(call.frames).toEqual(["", ""]);
  writer.stop();
});

test("a peer that does not read gets no heartbeats piled up", async () => {
  const { call, writer, say } = setUp();
  writer.startHeartbeat(1);
  say("a");
  await waitFor(() => call.frames.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(call.frames).toHaveLength(1);
  writer.stop();
});
