import { createBroker, createMemoryBackend } from "@chappe/broker";
import type { BenchCase } from "../bench-case.ts";
import { runMicro } from "./run-micro.ts";
import { throughBroker } from "./through-broker.ts";

const MESSAGES_PER_BATCH = [1, 500];

/** What the delivery engine costs, on the store in memory: publish, dispatch, settle. */
export function engineCases(): BenchCase[] {
  return MESSAGES_PER_BATCH.map((messages) => {
    const name = `chappe/micro/engine/batch-of-${messages}`;
    return {
      kind: "micro",
      name,
      run: async () => {
        const broker = createBroker({ store: createMemoryBackend().connect() });
        try {
          await using path = await throughBroker(broker, messages);
          return await runMicro({ name, messages: path.messages, call: () => path.once() });
        } finally {
          await broker.close();
        }
      },
    };
  });
}
