// For whoever sends and receives.
export { checkId, type MessageInput } from "./message-input.ts";
export { Message } from "./message.ts";
export { ChappeError, type ChappeErrorOptions, ErrorCode, errorCodeOf } from "./chappe-error.ts";
export {
  type Durability,
  durabilityNumbers,
  durabilityOf,
  MAX_REPLICAS,
  parseDurability,
  replicasOf,
} from "./durability.ts";
export { newId } from "./message-id.ts";
export { type Address, parseAddress, receiverAddress, topicAddress } from "./address.ts";
export { checkName } from "./name.ts";
export { cutReason } from "./reason.ts";
export { DEFAULT_RETRY_POLICY, type RetryPolicy, retryDelayMs } from "./retry-policy.ts";
export {
  FULL_BATCH_BYTES,
  MAX_ATTEMPTS,
  MAX_ATTRIBUTE_BYTES,
  MAX_ATTRIBUTES,
  MAX_BATCH_BYTES,
  MAX_BATCH_HEADER_BYTES,
  MAX_BATCH_MESSAGES,
  MAX_FRAME_BATCHES,
  MAX_MESSAGE_BYTES,
  MAX_NAME_BYTES,
  MAX_OPTION_BYTES,
  MAX_REASON_BYTES,
  MAX_RECORD_OVERHEAD_BYTES,
} from "./limits.ts";

// For bridges to other systems.
export type { CloudEvent } from "./cloud-event.ts";
export { type FromCloudEvent, fromCloudEvent } from "./from-cloud-event.ts";
export { toCloudEvent } from "./to-cloud-event.ts";
export { isJson, isUtf8Text } from "./content-type.ts";

// For programs that print messages, and read what people type.
export { type BodyAndType, bodyText } from "./body-text.ts";
export { harmless, preview } from "./harmless.ts";
export { parseTime } from "./parse-time.ts";

// For clients: batches out, messages in.
export { BatchBuilder, type BatchBuilderOptions } from "./batch-builder.ts";
export { type BatchOptions, deliverAtMsOf } from "./batch-options.ts";
export { messageIdAt } from "./message-id.ts";
export { readMessages } from "./read-messages.ts";
export { type MessageSource, RecordBatch } from "./record-batch.ts";
export { withId } from "./with-id.ts";

// For routers and brokers: batches as they are.
export type { Batch, BatchHeader } from "./batch.ts";
export { decodeBatchHeader, encodeBatchHeader, markResent, withProducer } from "./batch-header-codec.ts";
export { checkBatch, type CheckBatchOptions } from "./check-batch.ts";
export { firstExpiryMs, timeOffsetsMs } from "./expiry.ts";
export { firstMessageId } from "./first-message-id.ts";
export { recordOffsets } from "./record-offsets.ts";

// For both ends of the wire: the frames of service.proto.
export {
  type CancelRequestFrame,
  type CancelResponseFrame,
  decodeCancelResponse,
  encodeCancelRequest,
} from "./frame-cancel.ts";
export { chappeErrorOf, type FrameError } from "./frame-error.ts";
export type { FrameDelivery } from "./frame-delivery.ts";
export type { FrameOpen } from "./frame-open.ts";
export {
  checkStartFrom,
  idTimeMs,
  isIdAmong,
  parseStartFrom,
  START_FROM_ALLOWED,
  type StartFrom,
  type StartMessage,
  type StartTime,
} from "./start-from.ts";
export type { FrameOutcome, OutcomeKind } from "./frame-outcome.ts";
export type { FrameRefusedOutcome, FrameSettled } from "./frame-settled.ts";
export {
  decodePublishRequest,
  encodePublishRequest,
  type PublishRequestFrame,
} from "./frame-publish-request.ts";
export {
  decodePublishResponse,
  encodePublishResponse,
  type FrameReceipt,
  type PublishResponseFrame,
  type PublishResultFrame,
} from "./frame-publish-response.ts";
export {
  decodeSubscribeRequest,
  encodeSubscribeRequest,
  type FrameCredit,
  type ReceivedSubscribeRequest,
  type SubscribeRequestFrame,
} from "./frame-subscribe-request.ts";
export {
  decodeSubscribeResponse,
  encodeSubscribeResponse,
  type FrameOpened,
  type ReceivedSubscribeResponse,
  type SubscribeResponseFrame,
} from "./frame-subscribe-response.ts";
