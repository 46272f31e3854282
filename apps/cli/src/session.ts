import type { AdminClient } from "@chappe/client/admin";

/** What every command works with. */
export interface Session {
  readonly admin: AdminClient;
  /** One JSON document instead of text for people. */
  readonly json: boolean;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line for people to standard error. */
  readonly tell: (line: string) => void;
  /** Goes on only if the operator says so, or has said --yes. @throws Refusal otherwise */
  readonly confirm: (question: string) => Promise<void>;
  /** Waits. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Prints one JSON document. */
export function printJson({ print }: Session, document: unknown): void {
  print(JSON.stringify(document, undefined, 2));
}
