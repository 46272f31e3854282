/** What the program's exit code says. Listed in its --help. */
export const ExitCode = {
  /** All that was asked for is received, or the program was told to stop and did so in good order. */
  OK: 0,
  /** Receiving, printing or saving failed. What was not acknowledged will be delivered again. */
  FAILED: 1,
  /** The command line asks for something that is not possible. */
  WRONG_USAGE: 2,
} as const;
