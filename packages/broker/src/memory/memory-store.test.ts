import { ManualClock } from "@chappe/testing";
import { expect } from "vitest";
import { describeStore } from "../conformance/index.ts";
import { createMemoryBackend } from "./memory-backend.ts";

const LIVENESS_MS = 1_000;

describeStore("the memory store", {
  features: {
    inspection: true,
    scheduling: true,
    wipe: true,
    suspension: true,
    capacity: true,
    durability: false,
    queueLimits: true,
    retention: true,
    replay: true,
  },
  schedules: 40,
  async open({ deduplicationWindowMs, maxBytes, queueLimits, retention }) {
    const clock = new ManualClock();
    const backend = createMemoryBackend({
      clock,
      livenessMs: LIVENESS_MS,
      deduplicationWindowMs,
      ...(maxBytes && { maxBytes }),
      ...(retention && {
        retentionMs: retention.topicMs,
        retentionBytes: retention.topicBytes,
        maxDeadLetters: retention.deadLetters,
      }),
      ...(queueLimits && { maxQueueMessages: queueLimits.maxMessages, maxQueueBytes: queueLimits.maxBytes }),
    });
    return {
      clock,
      connect: async () => backend.connect(),
      async kill(store) {
        backend.kill(store);
        await clock.advance(LIVENESS_MS);
      },
      async suspend(store) {
        backend.suspend(store);
        await clock.advance(LIVENESS_MS);
      },
      wipe: async () => backend.wipe(),
      advance: (ms) => clock.advance(ms),
      async [Symbol.asyncDispose]() {
        // A timer that was overtaken may still run out; one that sets the next is a leak.
        await clock.advance(60_000);
        expect(clock.pendingTimers, "timers left behind").toBe(0);
      },
    };
  },
});
