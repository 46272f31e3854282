import { describe, expect, it } from "vitest";
import { ChappeError } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { SlotLane } from "./slot-lane.ts";

const MOVED = new ChappeError("UNAVAILABLE", "moved");
const ASK = new ChappeError("UNAVAILABLE", "ask");
const LATER = new ChappeError("UNAVAILABLE", "later");

/** A lane whose commands are answered by hand. */
class Stage {
  /** What was sent and not yet answered, in order; with the node that was asked. */
  readonly sent: { readonly text: string; readonly ask: string | undefined; answer(error?: ChappeError): void }[] = [];
  readonly answers: string[] = [];
  readonly lane: SlotLane<string>;

  constructor(patienceMs = 10_000) {
    const again = (error: unknown) =>
      error === MOVED ? {} : error === ASK ? { ask: "other" } : error === LATER ? { later: true as const } : undefined;
    const send = (text: string, ask: string | undefined) =>
      new Promise<void>((resolve, reject) => {
        this.sent.push({ text, ask, answer: (error) => (error === undefined ? resolve() : reject(error)) });
      });
    this.lane = new SlotLane({ send, again }, patienceMs);
  }

  run(text: string): void {
    this.lane.run(text).then(
      () => this.answers.push(text),
      (error: unknown) => this.answers.push(`${text}: ${ChappeError.from(error).message}`),
    );
  }

  /** Waits until as many are under way, and takes them. */
  async taken(count: number) {
    await waitFor(() => this.sent.length >= count);
    return this.sent.splice(0, count) as [(typeof this.sent)[number], ...typeof this.sent];
  }
}

const texts = (sent: readonly { readonly text: string }[]) => sent.map(({ text }) => text);

describe("commands of one slot", () => {
  it("are sent as they come while nothing is refused", () => {
    const stage = new Stage();
    for (const text of ["a", "b", "c"]) stage.run(text);
    expect(texts(stage.sent)).toEqual(["a", "b", "c"]);
  });

  it("that were refused go again in their order, before everything that came later", async () => {
    const stage = new Stage();
    for (const text of ["a", "b", "c"]) stage.run(text);
    const [a, b, c] = await stage.taken(3);
    a.answer();
    c?.answer(MOVED);
    await waitFor(() => stage.answers.length === 1);
    // It came while b was still under way, and may not pass it.
    stage.run("d");
    expect(stage.sent).toEqual([]);
    b?.answer(MOVED);
    const [first] = await stage.taken(1);
    expect(first.text).toBe("b");
    stage.run("e");
    expect(stage.sent).toEqual([]);
    first.answer();
    expect(texts(await stage.taken(3))).toEqual(["c", "d", "e"]);
  });

  it("go one at a time while another node is to be asked", async () => {
    const stage = new Stage();
    for (const text of ["a", "b"]) stage.run(text);
    for (const sent of await stage.taken(2)) sent.answer(ASK);
    const [a] = await stage.taken(1);
    expect(a).toMatchObject({ text: "a", ask: "other" });
    expect(stage.sent).toEqual([]);
    a.answer();
    const [b] = await stage.taken(1);
    expect(b).toMatchObject({ text: "b", ask: "other" });
    b.answer();
    await waitFor(() => stage.answers.length === 2);
    expect(stage.answers).toEqual(["a", "b"]);
    stage.run("c");
    expect(stage.sent).toMatchObject([{ text: "c", ask: undefined }]);
  });

  it("that failed in doubt are not repeated", async () => {
    const stage = new Stage();
    for (const text of ["a", "b"]) stage.run(text);
    const [a, b] = await stage.taken(2);
    a.answer(new ChappeError("UNAVAILABLE", "lost"));
    b?.answer();
    await waitFor(() => stage.answers.length === 2);
    expect(stage.answers).toEqual(["a: lost", "b"]);
    expect(stage.sent).toEqual([]);
  });

  it("fail with the last refusal when they were refused for too long", async () => {
    const stage = new Stage(0);
    stage.run("a");
    const [a] = await stage.taken(1);
    a.answer(LATER);
    await waitFor(() => stage.answers.length === 1);
    expect(stage.answers).toEqual(["a: later"]);
  });
});
