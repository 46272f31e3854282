// For whoever sends and receives.
export { connect } from "./connect.ts";
export type { Chappe } from "./chappe.ts";
export type { ConnectOptions } from "./connect-options.ts";
export type { TlsOptions } from "./credentials.ts";
export type { HealingLimits } from "./acknowledged-batches.ts";
export type { CloseOptions } from "./consumer-closing.ts";

// Sending.
export type { MessageToReceiver, MessageToTopic, Sender, SenderOptions, SentMessage } from "./sender.ts";
export type { SendReceipt } from "./send-receipt.ts";
export type { Durability, MessageInput, StartFrom, StartMessage, StartTime } from "@chappe/message";

// Receiving.
export type { Subscription } from "./subscription.ts";
export type { Handling } from "./handling.ts";
export type { MessageHandler } from "./handler-pool.ts";
export type { HandleOptions, ReceiveOptions, TopicOptions } from "./receive-options.ts";
export { type Gap, GapDetector, type GapDetectorOptions } from "./gap-detector.ts";
export type { FailOptions, ReceivedMessage, SourcePlace } from "./received-message.ts";
export { Reject } from "./reject.ts";

// What can go wrong, and what goes on.
export { ChappeError, ErrorCode } from "@chappe/message";
export type { Status, StatusListener, StreamPurpose } from "./status.ts";
