/** Messages that a consumer may hold unacknowledged: the default of 1,000 would limit it. */
export const MAX_ACK_PENDING = 20_000;

/** Messages that the receiving client asks for ahead. */
export const CONSUME_MESSAGES = 2_000;
