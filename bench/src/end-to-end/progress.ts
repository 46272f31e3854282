/** How far a program has come: messages that it has received, or that are safe after it sent them. */
export interface Progress {
  readonly count: number;
  /** When this was so, by the machine's monotonic clock. */
  readonly atMicros: number;
}
