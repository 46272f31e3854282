/** A command line that reads well and cannot be followed: its message is all that the user needs to see. */
export class UsageError extends Error {}
