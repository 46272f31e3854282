import type { Broker } from "@chappe/broker";
import { ChappeError } from "@chappe/message";

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

async function ping(broker: Broker): Promise<ChappeError | undefined> {
  const timeout = Promise.withResolvers<ChappeError>();
  const timer = setTimeout(() => {
    timeout.resolve(new ChappeError("UNAVAILABLE", `the store did not answer a ping within ${PING_TIMEOUT_MS} ms`));
  }, PING_TIMEOUT_MS);
  const answered = broker.ping().then(
    () => undefined,
    (error: unknown) => ChappeError.from(error),
  );
  return Promise.race([answered, timeout.promise]).finally(() => clearTimeout(timer));
}
