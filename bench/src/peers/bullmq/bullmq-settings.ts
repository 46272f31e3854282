/** Jobs of one addBulk, which is one round trip. */
export const BULK_JOBS = 500;

/** Jobs that the worker has under way at a time. */
export const WORKER_CONCURRENCY = 100;
