/** Unacknowledged messages that the broker hands a consumer. Quorum queues take no more than 2,000. */
export const PREFETCH = 2_000;
