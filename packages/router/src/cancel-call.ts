import { isSchedulable } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import type { CancelRequest__Output, CancelResponse } from "@chappe/proto";
import { destinationOf } from "./send-call.ts";
import type { SessionContext } from "./session.ts";

/**
 * Answers one Cancel: whether the delayed message was still waiting.
 *
 * @throws ChappeError INVALID_ARGUMENT, UNIMPLEMENTED for a broker that keeps no delayed messages, UNAVAILABLE
 */
export async function answerCancel(
  request: CancelRequest__Output,
  { broker }: SessionContext,
): Promise<CancelResponse> {
  if (!isSchedulable(broker)) {
    throw new ChappeError("UNIMPLEMENTED", "the broker of this router keeps no delayed messages");
  }
  return { cancelled: await broker.cancel(destinationOf(request), request.sender, request.id) };
}
