/** What the program's exit code says. Listed in its --help. */
export const ExitCode = {
  /** Done. */
  OK: 0,
  /** The router cannot be reached, or refused; or the question was answered with no. */
  FAILED: 1,
  /** The command line asks for something that is not possible, or for what asks first where there is no terminal, without --yes. */
  WRONG_USAGE: 2,
} as const;
