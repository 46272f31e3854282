import { ChappeError, type ReceivedSubscribeRequest } from "@chappe/message";

/** Most messages in one grant: proto/chappe/v1/service.proto. */
const MAX_CREDIT_MESSAGES = 1_000_000;

/** Most bytes in one grant: proto/chappe/v1/service.proto. */
const MAX_CREDIT_BYTES = 1_073_741_824;

/** Each outcome may have to be answered with a refusal, and all answers to one frame must fit one frame. */
const MAX_FRAME_OUTCOMES = 4_096;

/** Most suspects on which a consumer begins at once: proto/chappe/v1/service.proto. */
const MAX_FRAME_BEGUN = 4_096;

/**
 * Looks at a consumer's frame before any of it takes effect.
 *
 * @param isFirst whether it is the stream's first
 * @throws ChappeError INVALID_ARGUMENT that says what is wrong, where, and what is allowed
 */
export function checkSubscribeRequest(request: ReceivedSubscribeRequest, isFirst: boolean): void {
  const { open, credit, outcomes, begun } = request;
  if (isFirst && open === undefined) throw invalid("the first frame has no open; it must name what to subscribe to");
  if (!isFirst && open !== undefined) throw invalid("open stands in a later frame; it is allowed in the first alone");
  if (credit !== undefined) {
    checkUpTo("credit.messages", credit.messages, MAX_CREDIT_MESSAGES);
    checkUpTo("credit.bytes", credit.bytes, MAX_CREDIT_BYTES);
  }
  if (begun.length > MAX_FRAME_BEGUN) {
    throw invalid(`${begun.length} numbers in begun; up to ${MAX_FRAME_BEGUN} are allowed`);
  }
  if (outcomes.length === 0) return;
  if (outcomes.length > MAX_FRAME_OUTCOMES) {
    throw invalid(`${outcomes.length} outcomes in a frame; up to ${MAX_FRAME_OUTCOMES} are allowed`);
  }
  for (const [index, { count }] of outcomes.entries()) {
    if (count === 0) throw invalid(`outcomes[${index}].count 0; at least 1 is allowed`);
  }
}

function checkUpTo(what: string, value: number, max: number): void {
  if (value > max) throw invalid(`${what} ${value}; 0 to ${max} are allowed`);
}

function invalid(message: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", `subscribe request: ${message}`);
}
