/** Longest sender, receiver, topic, subscription or consumer name, in bytes. Short enough to stand in keys and logs. */
export const MAX_NAME_BYTES = 200;

/**
 * Longest text option, in bytes: message id, type, content type, ordering key, correlation id, deduplication id,
 * traceparent.
 */
export const MAX_OPTION_BYTES = 200;

/** Default limit of one body, in bytes. Larger things belong in an object store, with a message that points there. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Most messages in one batch: what a consumer that crashes holds of it is retried, so a batch must stay small. */
export const MAX_BATCH_MESSAGES = 1024;

/**
 * Most bytes of records in one batch of several messages. A stream to a grpc-js server moves 64 KiB per round trip,
 * and a longer batch gains nothing any more. A single message may be longer.
 */
export const MAX_BATCH_BYTES = 65_536;

/**
 * A batch that is being filled takes no message beyond this. With a usual header and what Redis adds it still fits 64 KiB:
 * Redis would keep one byte more in 80, and HTTP/2 would send it in two rounds.
 */
export const FULL_BATCH_BYTES = 65_024;

/** Most bytes of a serialized batch header: all of its fields at their limits, with room for fields yet to come. */
export const MAX_BATCH_HEADER_BYTES = 4096;

/** Most attributes of one message. */
export const MAX_ATTRIBUTES = 64;

/** Most bytes of one message's attributes, keys and values together. */
export const MAX_ATTRIBUTE_BYTES = 8192;

/** What a record may hold besides its body, in bytes: every option and attribute at its limit fits. */
export const MAX_RECORD_OVERHEAD_BYTES = 16_384;

/** Most attempts that a retry policy may allow: stores keep an attempt in two bytes. */
export const MAX_ATTEMPTS = 65_535;

/** Longest reason of a failed or rejected message, in bytes; the rest is cut. */
export const MAX_REASON_BYTES = 1024;

/** Most batches in one publish frame, so that a small frame cannot make a router build millions of objects. */
export const MAX_FRAME_BATCHES = 4096;
