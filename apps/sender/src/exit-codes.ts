/** What the program's exit code says. Listed in its --help. */
export const ExitCode = {
  /** Every message is safe; or what should be taken back is. */
  OK: 0,
  /** A message failed, and nothing after it was sent; or what should be taken back does not wait any more. */
  FAILED: 1,
  /** The command line asks for something that is not possible. */
  WRONG_USAGE: 2,
} as const;
