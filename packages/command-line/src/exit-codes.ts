/** How a program ends. What that means of its own work stands in its --help. */
export const ExitCode = {
  /** It did what it was asked for, or was told to stop and did so in good order. */
  OK: 0,
  /** It could not do it, or the answer is no. */
  FAILED: 1,
  /** A flag, an argument or an environment variable asks for something that is not possible. */
  WRONG_USAGE: 2,
} as const;
