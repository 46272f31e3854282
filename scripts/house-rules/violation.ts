/** One broken rule: where, what is wrong, and what would be right. */
export interface Violation {
  /** Path from the repository root, with `:line` where there is one. */
  readonly where: string;
  /** What stands there. */
  readonly what: string;
  /** What is allowed instead. */
  readonly allowed: string;
}

/** One line for the terminal. */
export function describeViolation({ where, what, allowed }: Violation): string {
  return `${where}: ${what}. Allowed: ${allowed}.`;
}
