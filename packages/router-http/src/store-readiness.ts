import type { Broker } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import { answerWithin } from "./answer-within.ts";

/** A store that takes longer than this for a round trip is as good as away. */
const PING_TIMEOUT_MS = 2_000;

/** Asks the store whenever it is asked itself: why it does not answer, or undefined. Who asks meanwhile shares the answer. */
export function storeReadiness(broker: Broker): () => Promise<ChappeError | undefined> {
  let asking: Promise<ChappeError | undefined> | undefined;
  return () => {
    asking ??= ping(broker).finally(() => (asking = undefined));
    return asking;
  };
}

function ping(broker: Broker): Promise<ChappeError | undefined> {
  return answerWithin(broker.ping(), PING_TIMEOUT_MS, "the store did not answer a ping").then(
    () => undefined,
    (error: unknown) => ChappeError.from(error),
  );
}
