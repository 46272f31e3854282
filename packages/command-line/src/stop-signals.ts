import { constants } from "node:os";

/** The signals that ask a program to stop. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** The exit code of a program that a signal ended, as shells report it: 130 for SIGINT, 143 for SIGTERM. */
export function exitCodeOfSignal(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/**
 * Passes the first SIGINT or SIGTERM on to `stop`. A second one ends the process at once, for whoever will not wait.
 *
 * @returns a function that gives the signals back
 */
export function onStopSignal(stop: (signal: StopSignal) => void): () => void {
  let stopping = false;
  const handle = (signal: StopSignal): void => {
    if (stopping) process.exit(exitCodeOfSignal(signal));
    stopping = true;
    stop(signal);
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return () => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
}
