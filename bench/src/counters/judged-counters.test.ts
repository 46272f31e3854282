import { describe, expect, it } from "vitest";
import { judgeCounters, judgedCountsOf, medianCounts } from "./judged-counters.ts";

describe("what is judged", () => {
  it("are the programs' frames and bytes together, and Redis' commands and bytes", () => {
    const counts = judgedCountsOf("bulk", {
      redisCommands: 1,
      redisAofBytes: 2,
      senderGrpcFrames: 10,
      routerGrpcFrames: 20,
      receiverGrpcFrames: 30,
      senderAllocatedBytes: 100,
      routerAllocatedBytes: 200,
      receiverAllocatedBytes: 300,
    });
    expect(counts).toEqual({ redisCommands: 1, redisAofBytes: 2, grpcFrames: 60, allocatedBytes: 600 });
  });

  it("are calls of write only where they do not depend on how full a socket happens to be", () => {
    expect(judgedCountsOf("small-batches", { writeCalls: 7 })).toHaveProperty("writeCalls", 7);
    expect(judgedCountsOf("thousand-receivers", { writeCalls: 7 })).not.toHaveProperty("writeCalls");
  });

  it("is the middle of several runs, so that one that was disturbed does not count", () => {
    expect(medianCounts([{ grpcFrames: 10 }, { grpcFrames: 900 }, { grpcFrames: 12 }])).toEqual({ grpcFrames: 12 });
  });
});

describe("a counter", () => {
  const base = { redisCommands: 1_000, redisAofBytes: 1_000, grpcFrames: 1_000, allocatedBytes: 1_000 };
  const verdicts = (head: Partial<typeof base>) =>
    Object.fromEntries(
      judgeCounters("bulk", base, { ...base, ...head }).map(({ counter, verdict }) => [counter, verdict]),
    );

  it("grew when it is beyond its bound, and not when it is within", () => {
    expect(verdicts({ redisCommands: 1_110, redisAofBytes: 1_010 })).toEqual({
      redisCommands: "grew",
      redisAofBytes: "same",
      grpcFrames: "same",
      allocatedBytes: "same",
    });
  });

  it("fell when it is as far below", () => {
    expect(verdicts({ allocatedBytes: 700 })).toMatchObject({ allocatedBytes: "fell" });
  });

  it("that was never there before has grown", () => {
    const none = { ...base, grpcFrames: 0 };
    expect(judgeCounters("bulk", none, base)).toContainEqual(
      expect.objectContaining({ counter: "grpcFrames", verdict: "grew" }),
    );
    expect(judgeCounters("bulk", none, none).every(({ verdict }) => verdict === "same")).toBe(true);
  });

  it("that nothing counts any more has not fallen", () => {
    expect(() => judgeCounters("bulk", base, { ...base, grpcFrames: 0 })).toThrow(
      "bulk: grpcFrames is not counted any more",
    );
  });

  it("is not held to nothing", () => {
    expect(() => judgeCounters("bulk", { redisCommands: 1 }, base)).toThrow("bulk: there is no redisAofBytes");
  });
});
