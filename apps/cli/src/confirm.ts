import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

/** Where to ask. */
export interface Asking {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** What became of a question. */
export type Confirmation = "yes" | "no" | "nobody to ask";

/** Asks a person whether to go on; not when the input is no terminal, where a script would hang or answer by accident. */
export async function confirm(question: string, { input, output }: Asking): Promise<Confirmation> {
  if (input.isTTY !== true) return "nobody to ask";
  const lines = createInterface({ input, output });
  try {
    const answer = await lines.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim()) ? "yes" : "no";
  } finally {
    lines.close();
  }
}
