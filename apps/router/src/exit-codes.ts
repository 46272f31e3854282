/** What the program's exit code says. Listed in its --help. */
export const ExitCode = {
  /** Stopped in good order; or healthy. */
  OK: 0,
  /** Could not start, as when its port is taken; or not healthy. */
  FAILED: 1,
  /** A flag or an environment variable says something that is not possible. */
  WRONG_USAGE: 2,
} as const;
